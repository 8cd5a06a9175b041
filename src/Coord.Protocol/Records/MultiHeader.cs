namespace Coord.Protocol;

/// <summary>
/// Stands before each operation of a multi and each of its results, and after the last. Source: zookeeper-protocol 2.4.
/// </summary>
/// <param name="Type">The operation, or what its result is; <see cref="OpCode.Error"/> at the end.</param>
/// <param name="IsLast">Nothing follows.</param>
/// <param name="Err">In a result how the operation ended; elsewhere -1.</param>
public readonly record struct MultiHeader(OpCode Type, bool IsLast, ErrorCode Err)
{
    /// <summary>Bytes of the record.</summary>
    public const int EncodedLength = 9;

    /// <summary>What stands after the last operation or result.</summary>
    public static MultiHeader End { get; } = new(OpCode.Error, IsLast: true, ErrorCode.SystemError);

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt32((int)Type);
        writer.WriteBool(IsLast);
        writer.WriteInt32((int)Err);
    }

    /// <summary>Reads the record.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="header">What was read.</param>
    /// <returns>False: the bytes end too early.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out MultiHeader header)
    {
        var isRead = reader.TryReadInt32(out var type) & reader.TryReadBool(out var isLast)
            & reader.TryReadInt32(out var error);
        header = new MultiHeader((OpCode)type, isLast, (ErrorCode)error);
        return isRead;
    }
}

namespace Coord.Protocol;

/// <summary>One identity of a connection, as the reply to <see cref="OpCode.WhoAmI"/> lists it. Source: ZooKeeper's
/// <c>ClientInfo</c>.</summary>
public readonly ref struct ClientIdentity
{
    /// <summary>For example <c>ip</c> or <c>digest</c>.</summary>
    public ReadOnlySpan<byte> Scheme { get; init; }

    /// <summary>Who it is within the scheme; for digest the name without its hash.</summary>
    public ReadOnlySpan<byte> User { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + Scheme.Length + sizeof(int) + User.Length;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Scheme);
        writer.WriteBuffer(User);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out ClientIdentity record)
    {
        record = default;
        if (!reader.TryReadBuffer(out var scheme, out _) || !reader.TryReadBuffer(out var user, out _))
            return false;
        record = new ClientIdentity { Scheme = scheme, User = user };
        return true;
    }
}

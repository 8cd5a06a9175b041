namespace Coord.Protocol;

/// <summary>Shows an identity.</summary>
public readonly ref struct AuthRequest
{
    /// <summary>0.</summary>
    public int Type { get; init; }

    /// <summary>For example <c>digest</c>.</summary>
    public ReadOnlySpan<byte> Scheme { get; init; }

    /// <summary>The proof; for digest <c>user:password</c>.</summary>
    public ReadOnlySpan<byte> Auth { get; init; }

    /// <summary>Whether <see cref="Auth"/> is null, which is not the same as empty.</summary>
    public bool IsAuthNull { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + sizeof(int) + Scheme.Length + sizeof(int) + Auth.Length;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt32(Type);
        writer.WriteBuffer(Scheme);
        writer.WriteNullable(Auth, IsAuthNull);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out AuthRequest record)
    {
        if (!reader.TryReadInt32(out var type)
            || !reader.TryReadBuffer(out var scheme, out _)
            || !reader.TryReadBuffer(out var auth, out var isAuthNull))
        {
            record = default;
            return false;
        }

        record = new AuthRequest { Type = type, Scheme = scheme, Auth = auth, IsAuthNull = isAuthNull };
        return true;
    }
}

namespace Coord.Protocol;

/// <summary>Who may do what with a znode. Source: ZooKeeper Programmer's Guide, ACL Permissions.</summary>
public readonly ref struct Acl
{
    /// <summary>Bits: 1 read, 2 write, 4 create, 8 delete, 16 administer.</summary>
    public int Permissions { get; init; }

    /// <summary>How the identity is proven, for example <c>world</c>.</summary>
    public ReadOnlySpan<byte> Scheme { get; init; }

    /// <summary>Whether <see cref="Scheme"/> is null, which is not the same as empty.</summary>
    public bool IsSchemeNull { get; init; }

    /// <summary>The identity, for example <c>anyone</c>.</summary>
    public ReadOnlySpan<byte> Id { get; init; }

    /// <summary>Whether <see cref="Id"/> is null, which is not the same as empty.</summary>
    public bool IsIdNull { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + sizeof(int) + Scheme.Length + sizeof(int) + Id.Length;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt32(Permissions);
        writer.WriteNullable(Scheme, IsSchemeNull);
        writer.WriteNullable(Id, IsIdNull);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out Acl record)
    {
        if (!reader.TryReadInt32(out var permissions)
            || !reader.TryReadBuffer(out var scheme, out var isSchemeNull)
            || !reader.TryReadBuffer(out var id, out var isIdNull))
        {
            record = default;
            return false;
        }

        record = new Acl
        {
            Permissions = permissions,
            Scheme = scheme,
            IsSchemeNull = isSchemeNull,
            Id = id,
            IsIdNull = isIdNull,
        };
        return true;
    }
}

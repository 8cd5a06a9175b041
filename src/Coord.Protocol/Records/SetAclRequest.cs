namespace Coord.Protocol;

/// <summary>Writes a znode's access control list.</summary>
public readonly ref struct SetAclRequest
{
    /// <summary>The znode. UTF-8, as it stands in the frame.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>The new list, as it stands in the frame, count included.</summary>
    public ReadOnlySpan<byte> EncodedAcl { get; init; }

    /// <summary>Whether the list is null.</summary>
    public bool IsAclNull { get; init; }

    /// <summary>The aversion it must have; -1 for any.</summary>
    public int Version { get; init; }

    /// <summary>Bytes of the record.</summary>
    public int EncodedLength => sizeof(int) + Path.Length + EncodedAcl.Length + sizeof(int);

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Path);
        writer.WriteRaw(EncodedAcl);
        writer.WriteInt32(Version);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out SetAclRequest record)
    {
        if (!reader.TryReadBuffer(out var path, out _)
            || !AclVector.TryRead(ref reader, out var acl, out var isAclNull)
            || !reader.TryReadInt32(out var version))
        {
            record = default;
            return false;
        }

        record = new SetAclRequest { Path = path, EncodedAcl = acl, IsAclNull = isAclNull, Version = version };
        return true;
    }
}

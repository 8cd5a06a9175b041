namespace Coord.Protocol;

/// <summary>Creates a znode.</summary>
public readonly ref struct CreateRequest
{
    /// <summary>The znode. UTF-8, as it stands in the frame.</summary>
    public ReadOnlySpan<byte> Path { get; init; }

    /// <summary>Its data.</summary>
    public ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Whether <see cref="Data"/> is null, which is not the same as empty.</summary>
    public bool IsDataNull { get; init; }

    /// <summary>Its access control list, as it stands in the frame, count included.</summary>
    public ReadOnlySpan<byte> EncodedAcl { get; init; }

    /// <summary>Whether the list is null.</summary>
    public bool IsAclNull { get; init; }

    /// <summary>One of <see cref="CreateMode"/>, or a number that is none.</summary>
    public int Flags { get; init; }

    /// <summary>Time to live in milliseconds; only with createTTL.</summary>
    public long Ttl { get; init; }

    /// <summary>Bytes of the record, without a time to live.</summary>
    public int EncodedLength => sizeof(int) + Path.Length
        + sizeof(int) + Data.Length
        + EncodedAcl.Length
        + sizeof(int);

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteBuffer(Path);
        writer.WriteNullable(Data, IsDataNull);
        writer.WriteRaw(EncodedAcl);
        writer.WriteInt32(Flags);
    }

    /// <summary>Reads the record; its spans point into the reader's bytes.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out CreateRequest record)
    {
        if (!reader.TryReadBuffer(out var path, out _)
            || !reader.TryReadBuffer(out var data, out var isDataNull)
            || !AclVector.TryRead(ref reader, out var acl, out var isAclNull)
            || !reader.TryReadInt32(out var flags))
        {
            record = default;
            return false;
        }

        record = new CreateRequest
        {
            Path = path,
            Data = data,
            IsDataNull = isDataNull,
            EncodedAcl = acl,
            IsAclNull = isAclNull,
            Flags = flags,
        };
        return true;
    }

    /// <summary>Reads the record of createTTL, which has a time to live behind the flags.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="record">What was read.</param>
    /// <returns>False: the bytes end too early, or a length makes no sense.</returns>
    public static bool TryReadTtl(scoped ref JuteReader reader, out CreateRequest record)
    {
        if (!TryRead(ref reader, out var plain) || !reader.TryReadInt64(out var ttl))
        {
            record = default;
            return false;
        }

        record = new CreateRequest
        {
            Path = plain.Path,
            Data = plain.Data,
            IsDataNull = plain.IsDataNull,
            EncodedAcl = plain.EncodedAcl,
            IsAclNull = plain.IsAclNull,
            Flags = plain.Flags,
            Ttl = ttl,
        };
        return true;
    }

    /// <summary>Writes the record of createTTL.</summary>
    /// <param name="writer">Where it goes.</param>
    public void WriteTtl(ref JuteWriter writer)
    {
        Write(ref writer);
        writer.WriteInt64(Ttl);
    }
}

namespace Coord.Protocol;

/// <summary>
/// What the tree knows of a znode besides its data. Source: ZooKeeper Programmer's Guide, Stat Structure.
/// </summary>
/// <param name="Czxid">Zxid of its creation.</param>
/// <param name="Mzxid">Zxid of the last write of its data.</param>
/// <param name="Ctime">Time of its creation, milliseconds since 1970 by the leader's clock.</param>
/// <param name="Mtime">Time of the last write of its data, likewise.</param>
/// <param name="Version">How often its data was written.</param>
/// <param name="Cversion">How often its list of children changed.</param>
/// <param name="Aversion">How often its access control list was written.</param>
/// <param name="EphemeralOwner">The session that it ends with; 0 for a persistent one.</param>
/// <param name="DataLength">Bytes of data; 0 for null.</param>
/// <param name="NumChildren">Children it has.</param>
/// <param name="Pzxid">Zxid of the last change of its list of children, or of its creation.</param>
public readonly record struct Stat(
    long Czxid,
    long Mzxid,
    long Ctime,
    long Mtime,
    int Version,
    int Cversion,
    int Aversion,
    long EphemeralOwner,
    int DataLength,
    int NumChildren,
    long Pzxid)
{
    /// <summary>Bytes of the record.</summary>
    public const int EncodedLength = 68;

    /// <summary>Writes the record.</summary>
    /// <param name="writer">Where it goes.</param>
    public void Write(scoped ref JuteWriter writer)
    {
        writer.WriteInt64(Czxid);
        writer.WriteInt64(Mzxid);
        writer.WriteInt64(Ctime);
        writer.WriteInt64(Mtime);
        writer.WriteInt32(Version);
        writer.WriteInt32(Cversion);
        writer.WriteInt32(Aversion);
        writer.WriteInt64(EphemeralOwner);
        writer.WriteInt32(DataLength);
        writer.WriteInt32(NumChildren);
        writer.WriteInt64(Pzxid);
    }

    /// <summary>Reads the record.</summary>
    /// <param name="reader">Where it stands.</param>
    /// <param name="stat">What was read.</param>
    /// <returns>False: the bytes end too early.</returns>
    public static bool TryRead(scoped ref JuteReader reader, out Stat stat)
    {
        var isRead = reader.TryReadInt64(out var czxid) & reader.TryReadInt64(out var mzxid)
            & reader.TryReadInt64(out var ctime) & reader.TryReadInt64(out var mtime)
            & reader.TryReadInt32(out var version) & reader.TryReadInt32(out var cversion)
            & reader.TryReadInt32(out var aversion) & reader.TryReadInt64(out var ephemeralOwner)
            & reader.TryReadInt32(out var dataLength) & reader.TryReadInt32(out var numChildren)
            & reader.TryReadInt64(out var pzxid);
        stat = isRead
            ? new Stat(
                czxid, mzxid, ctime, mtime, version, cversion, aversion, ephemeralOwner, dataLength, numChildren, pzxid)
            : default;
        return isRead;
    }
}

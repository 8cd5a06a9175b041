namespace Coord.Differential.Captured;

/// <summary>One field of a frame.</summary>
/// <param name="Name">Its name in zookeeper-protocol; that of a record within a record behind it.</param>
/// <param name="Kind">What another server may have in its place.</param>
/// <param name="Offset">Where it begins in the payload.</param>
/// <param name="Bytes">As on the wire, lengths and counts included.</param>
/// <param name="Shown">For people.</param>
internal sealed record Field(string Name, FieldKind Kind, int Offset, byte[] Bytes, string Shown)
{
    /// <summary>Alike in every recording: what a server makes for itself is only <c>some</c>.</summary>
    public string Lasting => Kind is FieldKind.Exact or FieldKind.Unordered || Shown is "0" or "-1" or "0x0" ? Shown
        : "some";
}

/// <summary>How a field is compared with the same field of another server.</summary>
internal enum FieldKind
{
    /// <summary>Equal to the byte.</summary>
    Exact,

    /// <summary>
    /// A transaction's. Every server numbers its own: two are in the same order on both, and equal on both. 0 and -1,
    /// which are no transaction's, are exact.
    /// </summary>
    Zxid,

    /// <summary>
    /// Of the last transaction that is applied: not before any that was seen, not behind any that is still to come.
    /// ZooKeeper numbers a write that it cannot read as well, Coord a session's coming back.
    /// </summary>
    AppliedZxid,

    /// <summary>3.8 has -1 in every event, 3.9 the zxid of what caused it (zookeeper-protocol 1.5).</summary>
    EventZxid,

    /// <summary>A clock's: one for each zxid, and of the time of the conversation; 0 is exact.</summary>
    Time,

    /// <summary>Every server makes its own: one here stands for one there; 0, for none, is exact.</summary>
    Session,

    /// <summary>As with sessions; 16 zeros, for none, are exact.</summary>
    Password,

    /// <summary>A list whose order is nobody's promise (zookeeper-protocol 2.3): the same members.</summary>
    Unordered,
}

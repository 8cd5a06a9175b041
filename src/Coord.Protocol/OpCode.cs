namespace Coord.Protocol;

/// <summary>What a request asks for. Source: ZooKeeper's <c>ZooDefs.OpCode</c>.</summary>
public enum OpCode
{
    /// <summary>Never valid as a request.</summary>
    Notification = 0,

    /// <summary>Creates a znode; replies with its path.</summary>
    Create = 1,

    /// <summary>Deletes a znode.</summary>
    Delete = 2,

    /// <summary>Reads a <see cref="Stat"/>; may watch.</summary>
    Exists = 3,

    /// <summary>Reads data and <see cref="Stat"/>; may watch.</summary>
    GetData = 4,

    /// <summary>Writes data.</summary>
    SetData = 5,

    /// <summary>Reads the access control list.</summary>
    GetAcl = 6,

    /// <summary>Writes the access control list.</summary>
    SetAcl = 7,

    /// <summary>Reads names of children; may watch.</summary>
    GetChildren = 8,

    /// <summary>What is read after it includes everything committed before it.</summary>
    Sync = 9,

    /// <summary>Keeps the session alive.</summary>
    Ping = 11,

    /// <summary>As <see cref="GetChildren"/>, with the <see cref="Stat"/>.</summary>
    GetChildren2 = 12,

    /// <summary>Only inside a multi: the znode has this version.</summary>
    Check = 13,

    /// <summary>Several writes, all or none.</summary>
    Multi = 14,

    /// <summary>As <see cref="Create"/>, with the <see cref="Stat"/>.</summary>
    Create2 = 15,

    /// <summary>Changes the membership.</summary>
    Reconfig = 16,

    /// <summary>Whether a watch is set.</summary>
    CheckWatches = 17,

    /// <summary>Removes watches.</summary>
    RemoveWatches = 18,

    /// <summary>Creates a container znode.</summary>
    CreateContainer = 19,

    /// <summary>Internal to ZooKeeper.</summary>
    DeleteContainer = 20,

    /// <summary>Creates a znode with a time to live.</summary>
    CreateTtl = 21,

    /// <summary>Several reads.</summary>
    MultiRead = 22,

    /// <summary>Shows an identity.</summary>
    Auth = 100,

    /// <summary>Registers watches again after a reconnect.</summary>
    SetWatches = 101,

    /// <summary>A step of SASL.</summary>
    Sasl = 102,

    /// <summary>Lists ephemerals of the session.</summary>
    GetEphemerals = 103,

    /// <summary>Counts a subtree.</summary>
    GetAllChildrenNumber = 104,

    /// <summary>As <see cref="SetWatches"/>, with persistent ones.</summary>
    SetWatches2 = 105,

    /// <summary>Sets a persistent watch.</summary>
    AddWatch = 106,

    /// <summary>Lists the identities of the connection.</summary>
    WhoAmI = 107,

    /// <summary>
    /// Coord's own, only for servers that announce <c>dedupe</c>: a write with a number, which takes effect once
    /// however often it is sent.
    /// </summary>
    Once = 1001,

    /// <summary>
    /// Coord's own, only for servers that announce <c>child-counter</c>: raises how many children a znode counts as
    /// ever created, from which sequential names take their numbers.
    /// </summary>
    RaiseChildCounter = 1002,

    /// <summary>
    /// Coord's own, only for servers that announce <c>counter-add</c>: adds to the number that a znode holds, within
    /// bounds.
    /// </summary>
    CounterAdd = 1003,

    /// <summary>
    /// Coord's own, only for servers that announce <c>read-barrier</c>: a read that sees all that was committed before
    /// it came.
    /// </summary>
    BarrierRead = 1004,

    /// <summary>
    /// Coord's own, only for servers that announce <c>check-absent</c>, only inside a multi: there is no such znode.
    /// </summary>
    CheckAbsent = 1005,

    /// <summary>
    /// Coord's own, only for servers that announce <c>check-children</c>, only inside a multi: the znode has this
    /// cversion.
    /// </summary>
    CheckChildren = 1006,

    /// <summary>
    /// Coord's own, only for servers that announce <c>create-rank</c>: a sequential create that also tells the place
    /// among the siblings.
    /// </summary>
    CreateRank = 1007,

    /// <summary>
    /// Coord's own, only for servers that announce <c>watch-from</c>: sets watches that stay, and tells what they
    /// missed since a zxid.
    /// </summary>
    WatchFrom = 1008,

    /// <summary>Internal to ZooKeeper.</summary>
    CreateSession = -10,

    /// <summary>Ends the session.</summary>
    CloseSession = -11,

    /// <summary>In results of a multi: this operation failed, or was not tried.</summary>
    Error = -1,
}

namespace Coord.StateMachine;

/// <summary>What an entry asks the tree to do.</summary>
public enum EntryCommand : byte
{
    /// <summary>Not a command: the header could not be read.</summary>
    None = 0,

    /// <summary>A client's request, as the client encoded it.</summary>
    Request = 1,

    /// <summary>A new session; its id is the entry's index.</summary>
    CreateSession = 2,

    /// <summary>A known session on a new connection.</summary>
    ReattachSession = 3,

    /// <summary>The client ends its session.</summary>
    CloseSession = 4,

    /// <summary>The leader ends a session that nothing was heard of for its timeout.</summary>
    ExpireSession = 5,

    /// <summary>The leader deletes a container or a znode whose time is over (zookeeper-protocol 9.2, 9.3).</summary>
    Sweep = 6,
}

namespace Coord.Client;

/// <summary>What a watch stream tells.</summary>
public enum WatchEventKind
{
    /// <summary>Registered: what changes after the event's zxid will be seen.</summary>
    Started = 0,

    /// <summary>The znode exists now.</summary>
    Created = 1,

    /// <summary>Its bytes were set, once or more.</summary>
    DataChanged = 2,

    /// <summary>The znode does not exist now.</summary>
    Deleted = 3,

    /// <summary>A child came or went, or several.</summary>
    ChildrenChanged = 4,

    /// <summary>
    /// A gap: reconnect, new session, or more than 1024 events of a subtree not read yet. Whatever you know may be old;
    /// read again. A subtree has none after a reconnect where the server tells what was missed (watch-from).
    /// </summary>
    Resynced = 5,
}

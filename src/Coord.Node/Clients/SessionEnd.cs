namespace Coord.Node.Clients;

/// <summary>What ended a session.</summary>
internal enum SessionEnd
{
    /// <summary>Its client did.</summary>
    Closed,

    /// <summary>It was not heard of for its timeout: the leader ended it.</summary>
    Expired,

    /// <summary>The same, and this node is that leader.</summary>
    ExpiredByThis,
}

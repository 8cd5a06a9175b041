namespace Coord.Client.Recipes;

/// <summary>What one attempt of a versioned write came to.</summary>
internal enum WriteAttempt
{
    /// <summary>It is done, or there was nothing to write.</summary>
    Done,

    /// <summary>Somebody else wrote first; certainly not written.</summary>
    Conflict,

    /// <summary>The znode's version is −1, which the wire takes for "any": it must be moved on first.</summary>
    VersionMeansAny,
}

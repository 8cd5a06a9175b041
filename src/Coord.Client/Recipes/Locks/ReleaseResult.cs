namespace Coord.Client.Recipes;

/// <summary>What a release came to.</summary>
public enum ReleaseResult
{
    /// <summary>The znode is gone: the next in line may go on.</summary>
    Released = 0,

    /// <summary>The lock had been lost before.</summary>
    AlreadyLost = 1,

    /// <summary>No answer yet; it is deleted in the background, at the latest with the session.</summary>
    Pending = 2,
}

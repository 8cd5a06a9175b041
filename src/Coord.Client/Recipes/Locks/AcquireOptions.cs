namespace Coord.Client.Recipes;

/// <summary>How one acquisition behaves.</summary>
[Flags]
public enum AcquireOptions
{
    /// <summary>As the recipe's options say.</summary>
    None = 0,

    /// <summary>
    /// Waits even though the calling flow seems to hold the lock already: for a branch forked from the holder's flow
    /// that really should wait for it.
    /// </summary>
    Independent = 1,
}

namespace Coord.Cli;

/// <summary>How a command ended, for scripts.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>It failed, or the trees differ.</summary>
    public const int Failed = 1;

    public const int WrongUse = 2;

    /// <summary>There is something where nothing may be.</summary>
    public const int Exists = 4;

    public const int NotAllowed = 6;

    /// <summary>No server answers, or not in time.</summary>
    public const int Unavailable = 7;

    /// <summary>Ended by a signal, as shells count it.</summary>
    public const int Cancelled = 130;
}

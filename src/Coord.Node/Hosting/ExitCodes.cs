namespace Coord.Node.Hosting;

/// <summary>What a node's process ends with.</summary>
internal static class ExitCodes
{
    /// <summary>Stopped by SIGTERM or SIGINT.</summary>
    public const int Stopped = 0;

    /// <summary>A setting is wrong.</summary>
    public const int WrongSettings = 2;

    /// <summary>The data directory cannot be trusted.</summary>
    public const int DataUnusable = 3;

    /// <summary>A broken invariant, or a disk that failed while the node ran.</summary>
    public const int BrokenInvariant = 70;
}

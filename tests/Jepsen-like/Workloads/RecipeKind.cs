namespace Coord.JepsenLike.Workloads;

/// <summary>What clients of ZooKeeper build from ephemeral sequential children.</summary>
internal enum RecipeKind
{
    /// <summary>The first child holds.</summary>
    Mutex,

    /// <summary>The first child holds; of those that only read, all that no writer stands before.</summary>
    ReadWriteLock,

    /// <summary>The first few hold.</summary>
    Semaphore,
}

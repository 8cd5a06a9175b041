namespace Coord.Protocol;

/// <summary>What the <c>flags</c> of a create request mean; not a bit set, in spite of its name.</summary>
public static class CreateFlags
{
    /// <summary>Whether the number is one of <see cref="CreateMode"/>.</summary>
    /// <param name="flags">As in the request.</param>
    public static bool IsKnown(int flags) =>
        flags is >= (int)CreateMode.Persistent and <= (int)CreateMode.PersistentSequentialWithTtl;

    /// <summary>Whether the znode ends with its session.</summary>
    /// <param name="flags">As in the request.</param>
    public static bool IsEphemeral(int flags) =>
        flags is (int)CreateMode.Ephemeral or (int)CreateMode.EphemeralSequential;

    /// <summary>Whether the name gets a counter of the parent.</summary>
    /// <param name="flags">As in the request.</param>
    public static bool IsSequential(int flags) => flags is (int)CreateMode.PersistentSequential
        or (int)CreateMode.EphemeralSequential or (int)CreateMode.PersistentSequentialWithTtl;

    /// <summary>Whether the znode has a time to live.</summary>
    /// <param name="flags">As in the request.</param>
    public static bool HasTtl(int flags) =>
        flags is (int)CreateMode.PersistentWithTtl or (int)CreateMode.PersistentSequentialWithTtl;
}

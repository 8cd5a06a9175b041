namespace Coord.Client.Recipes;

/// <summary>Settings of a <see cref="DistributedMutex"/>.</summary>
public sealed record MutexOptions : LockOptions
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(24);

    /// <summary>
    /// How long the next holder waits after one that crashed, so that storage without fencing can drain. Zero (default)
    /// to 24 h. The holder's czxid is noted in the root, which costs one write per acquisition; the root is then made
    /// persistent. All users of a path must agree: one without the delay neither notes nor waits, and makes a root that
    /// may vanish with the note.
    /// </summary>
    public TimeSpan AfterCrashDelay { get; init; }

    internal override void Check()
    {
        base.Check();
        if (AfterCrashDelay < TimeSpan.Zero || AfterCrashDelay > LongestDelay)
            throw new ArgumentOutOfRangeException(
                nameof(AfterCrashDelay), AfterCrashDelay, "A delay after a crash has 0 to 24 h.");
    }
}

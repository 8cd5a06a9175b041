namespace Coord.StateMachine;

/// <content>What the leader's sweep looks at (zookeeper-protocol 9.2, 9.3).</content>
public sealed partial class ZnodeTree
{
    /// <summary>Containers and znodes with a time to live.</summary>
    public int SweepableCount => Store.Sweepables.Count;

    /// <summary>Whether the one at this place is due; places change with every entry.</summary>
    /// <param name="place">Below <see cref="SweepableCount"/>.</param>
    /// <param name="timeMs">The leader's wall clock.</param>
    /// <param name="neverUsedMs">How long a container waits for its first child; 0 for ever.</param>
    /// <param name="znode">Which one it is, if it is due.</param>
    public bool IsSweepDue(int place, long timeMs, long neverUsedMs, out SweepCandidate znode)
    {
        int slot = Store.Sweepables[place];
        bool isDue = Store.IsDue(slot, timeMs, neverUsedMs);
        znode = isDue ? new SweepCandidate(Store.PathOf(slot), Store.Znodes[slot].Czxid) : default;
        return isDue;
    }
}

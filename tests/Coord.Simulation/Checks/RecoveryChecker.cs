using System.Buffers.Binary;
using Coord.Raft;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Checks;

/// <summary>
/// Ends of recoveries (raft-design T9, P30.4): a node takes part again only when an entry that was made for this
/// process of it is committed.
/// </summary>
internal sealed class RecoveryChecker
{
    private readonly Dictionary<(long Index, long Term), (int Node, long Start)> _points = [];
    private readonly HashSet<(int Node, long Start)> _committed = [];

    /// <summary>An entry is appended, by its leader or by another node.</summary>
    public void Appended(Entry entry)
    {
        if (entry.Kind != EntryKind.RecoveryPoint)
            return;

        var payload = entry.Payload.Span;
        var node = BinaryPrimitives.ReadInt32LittleEndian(payload);
        var start = BinaryPrimitives.ReadInt64LittleEndian(payload[sizeof(int)..]);
        _points[(entry.Index.Value, entry.Term.Value)] = (node, start);
    }

    /// <summary>An entry was committed for the first time.</summary>
    public void Commit(long index, long term)
    {
        if (_points.TryGetValue((index, term), out var point))
            _committed.Add(point);
    }

    /// <summary>The node takes part again.</summary>
    public void HasRecovered(int node, long start)
    {
        if (!_committed.Contains((node, start)))
        {
            throw new SimulationFailedException(
                $"node {node} takes part again, and no entry for its process {start} is committed");
        }
    }
}

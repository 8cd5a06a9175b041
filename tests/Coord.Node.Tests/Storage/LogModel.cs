using System.Text;
using Coord.Raft;

namespace Coord.Node.Tests.Storage;

/// <summary>What a log must hold, by the plainest means: the model that recovery is compared with.</summary>
internal sealed class LogModel
{
    private readonly SortedDictionary<long, long> _terms = [];

    public long LastIndex { get; private set; }

    public HardState HardState { get; private set; }

    public (long Index, long Term) Mark { get; private set; }

    public void Append(LogAppend append)
    {
        HardState = append.HardState ?? HardState;
        foreach (var entry in append.Entries)
        {
            for (var index = entry.Index.Value; index <= LastIndex; index++)
                _terms.Remove(index);

            _terms[entry.Index.Value] = entry.Term.Value;
            LastIndex = entry.Index.Value;
        }
    }

    public void MarkSnapshot(long index, long term, bool reset)
    {
        Mark = (index, term);
        if (!reset)
            return;

        _terms.Clear();
        LastIndex = index;
    }

    /// <summary>The state in one line, from the entry after the snapshot on: older ones may be compacted.</summary>
    public string Describe() => Describe(HardState, Mark, LastIndex, _terms.Select(t => (t.Key, t.Value)));

    public static string Describe(
        HardState state, (long Index, long Term) mark, long last, IEnumerable<(long Index, long Term)> entries)
    {
        var text = new StringBuilder();
        text.Append($"term {state.Term} vote {state.VotedFor} mark {mark.Index}/{mark.Term} last {last}:");
        foreach (var (index, term) in entries.Where(e => e.Index > mark.Index))
            text.Append($" {index}/{term}");

        return text.ToString();
    }
}

using System.Collections.Immutable;
using Coord.Fuzz.Runs;
using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Fuzz.Targets;

/// <summary>What a log says: term and vote, the snapshot's mark, and the entries it holds.</summary>
internal sealed class LogState
{
    private readonly HardState _state;
    private readonly SnapshotMark _mark;
    private readonly ImmutableSortedDictionary<long, Entry> _entries;

    private LogState(
        HardState state, SnapshotMark mark, ImmutableSortedDictionary<long, Entry> entries, long first, long last)
    {
        _state = state;
        _mark = mark;
        _entries = entries;
        FirstIndex = first;
        LastIndex = last;
    }

    public long FirstIndex { get; }

    public long LastIndex { get; }

    public long LastTerm => LastIndex >= FirstIndex ? TermAt(LastIndex) : Math.Max(1, _mark.Term.Value);

    public long MarkIndex => _mark.Index.Value;

    public bool IsEmpty => LastIndex == 0 && MarkIndex == 0 && _state == default;

    /// <summary>Everything that can be read from a recovered log.</summary>
    public static LogState Of(RecoveredLog log)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<long, Entry>();
        for (var next = log.FirstIndex; next <= log.LastIndex;)
        {
            var read = log.Log.ReadEntries(next, 4_000)
                ?? throw new FuzzFailedException($"entry {next} of {log.FirstIndex}..{log.LastIndex} is not there");
            foreach (var entry in read)
                entries.Add(entry.Index.Value, entry);
            next = read[^1].Index.Next;
        }

        var state = new LogState(
            log.HardState, log.Mark, entries.ToImmutable(), log.FirstIndex.Value, log.LastIndex.Value);
        state.CheckTerms(log.TermRuns);
        return state;
    }

    public long TermAt(long index) => _entries[index].Term.Value;

    public LogState With(in Entry entry) =>
        new(_state, _mark, _entries.Add(entry.Index.Value, entry), FirstIndex, entry.Index.Value);

    public LogState Appended(LogAppend append)
    {
        var entries = _entries;
        var last = LastIndex;
        if (append.Entries.Count > 0)
        {
            last = append.Entries[^1].Index.Value;
            entries = entries.RemoveRange(entries.Keys.Where(i => i >= append.FirstIndex.Value))
                .AddRange(append.Entries.Select(e => KeyValuePair.Create(e.Index.Value, e)));
        }

        return new LogState(append.HardState ?? _state, _mark, entries, FirstIndex, last);
    }

    public LogState Marked(long index, long term) =>
        new(_state, new SnapshotMark(new LogIndex(index), new Term(term)), _entries, FirstIndex, LastIndex);

    public LogState Reset(long index, long term) =>
        new(_state, new SnapshotMark(new LogIndex(index), new Term(term)), _entries.Clear(), index + 1, index);

    /// <summary>Equal, but for entries at the beginning that the snapshot stands for.</summary>
    public bool IsWhatIsLeftOf(LogState whole) =>
        _state == whole._state && _mark == whole._mark && LastIndex == whole.LastIndex
        && FirstIndex >= whole.FirstIndex && (FirstIndex == whole.FirstIndex || FirstIndex <= MarkIndex + 1)
        && _entries.All(e => whole._entries.TryGetValue(e.Key, out var entry) && AreEqual(entry, e.Value));

    public bool Equals(LogState other) => IsWhatIsLeftOf(other) && FirstIndex == other.FirstIndex;

    public override string ToString() =>
        $"entries {FirstIndex}..{LastIndex}, mark {_mark.Index} of {_mark.Term}, {_state}";

    private static bool AreEqual(in Entry a, in Entry b) =>
        a.Term == b.Term && a.Kind == b.Kind && a.Index == b.Index && a.Payload.Span.SequenceEqual(b.Payload.Span);

    private void CheckTerms(IReadOnlyList<TermRun> runs)
    {
        foreach (var (index, entry) in _entries)
        {
            var run = runs.LastOrDefault(r => r.FirstIndex.Value <= index);
            if (run.Term != entry.Term)
                throw new FuzzFailedException($"entry {index} is of term {entry.Term}, the runs say {run.Term}");
        }
    }
}

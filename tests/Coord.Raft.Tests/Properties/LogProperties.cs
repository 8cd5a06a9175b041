namespace Coord.Raft.Tests;


public sealed class LogProperties
{
    // BC12, raft-design K2: against a model that remembers which entry every append held. An index counts as durable
    // only if the very entry that is in the log now was flushed.
    [Fact]
    public void A_late_report_never_makes_newer_entries_durable() => Facts.Hold(script =>
    {
        var tracker = new PersistTracker(default);
        var log = new List<int>();
        var disk = new List<int>();
        var outstanding = new Queue<(long Sequence, int First, int[] Entries)>();
        var nextEntry = 0;
        var handed = 0;
        while (script.HasMore)
        {
            switch (script.Below(3))
            {
                case 0:
                    for (var i = script.Below(4); i > 0; i--)
                        log.Add(++nextEntry);
                    break;
                case 1 when script.Below(3) == 0 && log.Count > 0:
                    var keep = script.Below(log.Count);
                    log.RemoveRange(keep, log.Count - keep);
                    handed = Math.Min(handed, keep);
                    tracker.Truncated(new LogIndex(keep));
                    break;
                case 1:
                    var sequence = tracker.Hand(new LogIndex(log.Count));
                    outstanding.Enqueue((sequence, handed, [.. log.Skip(handed)]));
                    handed = log.Count;
                    break;
                default:
                    Flush(script.Between(1, 3));
                    break;
            }

            var matching = log.Zip(disk).TakeWhile(pair => pair.First == pair.Second).Count();
            Assert.True(tracker.Durable.Value <= matching, "Nothing counts that the disk does not hold.");
        }

        Flush(int.MaxValue);
        Assert.Equal(Math.Min(handed, log.Count), tracker.Durable.Value);

        void Flush(int count)
        {
            var last = 0L;
            for (; count > 0 && outstanding.TryDequeue(out var append); count--)
            {
                if (append.Entries.Length > 0)
                {
                    disk.RemoveRange(append.First, disk.Count - append.First);
                    disk.AddRange(append.Entries);
                }

                last = append.Sequence;
            }

            if (last > 0)
                tracker.Persisted(last);
        }
    });

    // openraft#1964: completion out of order.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void A_report_out_of_sequence_stops_the_node(long sequence)
    {
        var tracker = new PersistTracker(default);
        for (var last = 1; last <= 3; last++)
            tracker.Hand(new LogIndex(last));
        tracker.Persisted(1);
        Assert.Throws<InvariantViolatedException>(() => tracker.Persisted(sequence));
    }

    // Raft-design K4: a handful of pairs answers like an array of all terms.
    [Fact]
    public void Term_runs_answer_like_an_array_of_terms() => Facts.Hold(script =>
    {
        var terms = new List<long> { 0 };
        var runs = new TermRuns(default, default);
        var lowest = 0;
        while (script.HasMore)
        {
            switch (script.Below(6))
            {
                case 0 when terms.Count - 1 > lowest:
                    var last = script.Between(lowest, terms.Count - 1);
                    terms.RemoveRange(last + 1, terms.Count - last - 1);
                    runs.TruncateAfter(new LogIndex(last));
                    break;
                case 1:
                    lowest = script.Between(lowest, terms.Count - 1);
                    runs.CompactTo(new LogIndex(lowest));
                    break;
                default:
                    var term = terms[^1] + (script.Below(3) == 0 ? script.Between(1, 3) : 0);
                    var count = script.Between(1, 4);
                    terms.AddRange(Enumerable.Repeat(term, count));
                    runs.Append(new LogIndex(terms.Count - 1), new Term(term));
                    break;
            }

            Assert.Equal((lowest, terms.Count - 1), (runs.BaseIndex.Value, runs.LastIndex.Value));
            Assert.Equal(terms[^1], runs.LastTerm.Value);
            var asked = script.Below(terms.Count + 2);
            Assert.Equal(asked >= lowest && asked < terms.Count, runs.TryTermAt(new LogIndex(asked), out var answer));
            if (asked >= lowest && asked < terms.Count)
                Assert.Equal(terms[asked], answer.Value);
            var limit = script.Below(terms.Count + 2);
            var most = script.Below((int)terms[^1] + 2);
            var found = runs.LastWithTermAtMost(new LogIndex(limit), new Term(most));
            Assert.Equal(NaiveLast(terms, lowest, limit, most), found.Value);
        }
    });

    // Raft-design K4: the ring holds what a list would, whatever is appended, truncated and evicted.
    [Fact]
    public void The_window_holds_the_newest_entries_within_its_bytes() => Facts.Hold(script =>
    {
        var window = new LogWindow(default);
        var model = new SortedDictionary<long, int>();
        var last = 0L;
        while (script.HasMore)
        {
            switch (script.Below(8))
            {
                case 0 when last > 0:
                    last = script.Between((int)Math.Max(0, last - 30), (int)last);
                    window.TruncateAfter(new LogIndex(last));
                    foreach (var gone in model.Keys.Where(index => index > last).ToArray())
                        model.Remove(gone);
                    break;
                case 1:
                    var keep = script.Between(0, (int)last + 1);
                    var most = script.Below(4_000);
                    window.Evict(new LogIndex(keep), most);
                    while (model.Count > 0 && model.Keys.First() < keep && Bytes(model) > most)
                        model.Remove(model.Keys.First());
                    break;
                default:
                    for (var i = script.Between(1, 40); i > 0; i--)
                    {
                        var payload = new byte[script.Below(20)];
                        var index = new LogIndex(++last);
                        window.Append(new Entry(new Term(1), index, EntryKind.Command, payload));
                        model.Add(last, payload.Length);
                    }

                    break;
            }

            Assert.Equal(last, window.LastIndex.Value);
            Assert.Equal(Bytes(model), window.Bytes);
            Assert.Equal(model.Count > 0 ? model.Keys.First() : last + 1, window.FirstIndex.Value);
            var copied = new Entry[model.Count];
            window.CopyTo(window.FirstIndex, copied);
            Assert.Equal(model.Keys, copied.Select(entry => entry.Index.Value));
            Assert.Equal(model.Values, copied.Select(entry => entry.Payload.Length));
        }
    });

    private static long Bytes(SortedDictionary<long, int> model) =>
        model.Values.Sum(length => (long)length + Entry.OverheadBytes);

    private static long NaiveLast(List<long> terms, int lowest, int limit, int most)
    {
        for (var index = Math.Min(limit, terms.Count - 1); index > lowest; index--)
        {
            if (terms[index] <= most)
                return index;
        }

        return lowest;
    }
}

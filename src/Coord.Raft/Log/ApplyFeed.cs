namespace Coord.Raft;


/// <summary>
/// Committed entries on their way to the state machine, in order, page by page (raft-design C6, C7, A6).
/// </summary>
internal sealed class ApplyFeed(RaftState state)
{
    // Entries older than the log window, read from disk after a restart. Behind fetchingTo the disk may have held some
    // that were being replaced.
    private IReadOnlyList<Entry>? fetched;
    private LogIndex fetching;
    private LogIndex fetchingTo;

    // Raft-design C6: committed by a quorum, and durable here.
    private LogIndex Limit => LogIndex.Min(state.Commit, state.Log.Durable);

    /// <summary>Adds the next page to the outputs.</summary>
    public void Fill(RaftReady ready)
    {
        var next = state.HandedOut.Next;
        if (state.Installing || next > Limit)
            return;

        if (state.Log.Window.Contains(next))
            FillFromWindow(ready, next);
        else if (fetched is not null && fetched[0].Index == next)
            FillFromDisk(ready);

        // The next page is read while this one is applied.
        next = state.HandedOut.Next;
        if (fetching == default && next <= Limit && !state.Log.Window.Contains(next))
            Fetch(ready, next);
        ready.HasMore |= state.HandedOut < Limit && fetching == default;
    }

    /// <summary>The entries asked for came from the disk.</summary>
    public void OnFetched(EntriesFetched answer)
    {
        if (answer.First != fetching)
            return;

        fetching = default;
        if (state.HandedOut.Next != answer.First)
            return; // A snapshot was installed meanwhile.

        Invariant.Require(answer.Entries is { Count: > 0 }, "Entries behind the snapshot are never compacted.");
        Invariant.Require(answer.Entries[0].Index == answer.First, "The disk gave what was asked for.");
        fetched = answer.Entries;
    }

    private void FillFromWindow(RaftReady ready, LogIndex next)
    {
        var window = state.Log.Window;
        var last = LogIndex.Min(Limit, next + (state.Settings.CommittedEntriesMax - 1));
        last = window.EndWithin(next, last, state.Settings.CommittedBytesMax);
        for (var index = next; index <= last; index = index.Next)
            ready.CommittedList.Add(window[index]);
        state.HandedOut = last;
    }

    private void FillFromDisk(RaftReady ready)
    {
        var last = LogIndex.Min(Limit, fetchingTo);
        for (var i = 0; i < fetched!.Count && fetched[i].Index <= last; i++)
        {
            var entry = fetched[i];
            entry.RequireKnownKind();
            Invariant.Require(state.Log.Matches(entry.Index, entry.Term), "The disk holds the entries of this log.");
            ready.CommittedList.Add(entry);
            state.HandedOut = entry.Index;
        }

        fetched = null;
    }

    private void Fetch(RaftReady ready, LogIndex next)
    {
        fetched = null;
        fetching = next;
        fetchingTo = Limit;
        ready.FetchList.Add(new FetchEntries(state.Self, next, Limit, state.Settings.CommittedBytesMax));
    }
}

namespace Coord.Raft;


/// <summary>A follower that gets a snapshot instead of entries (Raft thesis 5; raft-design S8 to S11).</summary>
internal sealed class SnapshotRules(RaftState state, Roles roles, Acknowledgements acknowledgements)
{
    /// <summary>A whole snapshot arrived and is durable in a file of its own.</summary>
    public void OnReceived(SnapshotReceived received)
    {
        if (received.LeaderTerm < state.Term)
        {
            state.Outbox.Send(
                received.From,
                new AppendResponse(state.Term, Accepted: false, default, default, default, 0));
            return;
        }

        roles.FollowLeader(received.From, received.LeaderTerm);
        if (state.Installing)
            return; // Never two at once (BS1); the leader asks again by its probes.

        if (received.Index <= state.Commit)
        {
            acknowledgements.Accept(received.From, state.Commit, 0);
        }
        else if (state.Log.Matches(received.Index, received.Term))
        {
            // The own log has it all: keep the entries behind the snapshot, and apply instead of loading (S8).
            state.CommitTo(received.Index);
            acknowledgements.Accept(received.From, received.Index, 0);
        }
        else
        {
            state.Installing = true;
            state.Outbox.Pending.InstallSnapshot = new InstallSnapshot(received.From, received.Index, received.Term);
        }
    }

    /// <summary>The tree is swapped and the log's reset mark is durable, or nothing changed.</summary>
    public void OnInstalled(SnapshotInstalled installed)
    {
        Invariant.Require(state.Installing, "Only a snapshot that was asked for is installed.");
        state.Installing = false;
        if (!installed.Success)
            return;

        Invariant.Require(installed.Membership is not null, "A snapshot holds its membership.");
        state.RestoredTo(installed.Index, installed.Term, installed.Membership, installed.FeatureLevel);

        // An ordinary acceptance tells the leader, whoever that is by now (raft-design S10).
        if (state.Leader is { } leader && leader != state.Self)
            acknowledgements.Accept(leader, installed.Index, 0);
    }

    /// <summary>A local snapshot is durable: lagging peers get it from now on.</summary>
    public void OnReady(SnapshotReady ready)
    {
        Invariant.Require(ready.Index <= state.Applied, "A snapshot holds what was applied.");
        Invariant.Require(
            ready.Index < state.Log.Terms.BaseIndex || state.Log.Matches(ready.Index, ready.Term),
            "A snapshot's term is that of the log.");
        state.Log.SnapshotTaken(ready.Index, ready.Term);
        state.Memberships.CompactTo(ready.Index);
        state.FeatureLevels.CompactTo(ready.Index);
    }
}

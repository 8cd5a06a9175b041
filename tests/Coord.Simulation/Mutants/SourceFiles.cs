namespace Coord.Simulation.Mutants;

/// <summary>The files that hold planted bugs.</summary>
internal static class SourceFiles
{
    public const string Acknowledgements = "src/Coord.Raft/Replication/Acknowledgements.cs";
    public const string AfterPersist = "src/Coord.Node/Replica/AfterPersist.cs";
    public const string AppendRules = "src/Coord.Raft/Replication/AppendRules.cs";
    public const string AppendSender = "src/Coord.Raft/Replication/AppendSender.cs";
    public const string ApplyFeed = "src/Coord.Raft/Log/ApplyFeed.cs";
    public const string Campaign = "src/Coord.Raft/Elections/Campaign.cs";
    public const string ClientRequests = "src/Coord.Node/Clients/ClientRequests.cs";
    public const string CommitRule = "src/Coord.Raft/Replication/CommitRule.cs";
    public const string DataDirectory = "src/Coord.Node/Storage/DataDirectory.cs";
    public const string JointQuorum = "src/Coord.Raft/Membership/JointQuorum.cs";
    public const string LeaderDuties = "src/Coord.Node/Replica/LeaderDuties.cs";
    public const string LeaderLease = "src/Coord.Raft/Reads/LeaderLease.cs";
    public const string LinkRules = "src/Coord.Raft/Links/LinkRules.cs";
    public const string LogRecovery = "src/Coord.Node/Storage/LogRecovery.cs";
    public const string LogRepair = "src/Coord.Node/Storage/LogRepair.cs";
    public const string LogWriter = "src/Coord.Node/Storage/LogWriter.cs";
    public const string MembershipChanges = "src/Coord.Raft/Membership/MembershipChanges.cs";
    public const string MembershipDuties = "src/Coord.Node/Replica/Membership/MembershipDuties.cs";
    public const string OriginTable = "src/Coord.StateMachine/Sessions/OriginTable.cs";
    public const string PeerProgress = "src/Coord.Raft/Replication/PeerProgress.cs";
    public const string PersistTracker = "src/Coord.Raft/Log/PersistTracker.cs";
    public const string ProofRounds = "src/Coord.Node/Replica/ProofRounds.cs";
    public const string Quorum = "src/Coord.Raft/Quorum.cs";
    public const string QuorumCheck = "src/Coord.Raft/Elections/QuorumCheck.cs";
    public const string RaftState = "src/Coord.Raft/RaftState.cs";
    public const string ReadBarriers = "src/Coord.Raft/Reads/ReadBarriers.cs";
    public const string Recovery = "src/Coord.Raft/Recovering/Recovery.cs";
    public const string Replica = "src/Coord.Node/Replica/Replica.cs";
    public const string Replication = "src/Coord.Raft/Replication/Replication.cs";
    public const string SegmentFactory = "src/Coord.Node/Storage/SegmentFactory.cs";
    public const string SnapshotDuties = "src/Coord.Node/Replica/SnapshotDuties.cs";
    public const string SnapshotFileWriter = "src/Coord.Node/Storage/SnapshotFileWriter.cs";
    public const string SnapshotReceiver = "src/Coord.Node/Storage/SnapshotReceiver.cs";
    public const string SnapshotRules = "src/Coord.Raft/Snapshots/SnapshotRules.cs";
    public const string SnapshotStore = "src/Coord.Node/Storage/SnapshotStore.cs";
    public const string VoteRules = "src/Coord.Raft/Elections/VoteRules.cs";
}

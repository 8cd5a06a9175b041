namespace Coord.Raft;


/// <summary>
/// The answers of one round of voting. Each node counts once, however often it answers (raft-design BE6, BE9), and only
/// voters of the membership count.
/// </summary>
internal sealed class VoteTally
{
    private readonly Dictionary<NodeId, bool> answers = [];

    /// <summary>A quorum granted.</summary>
    public bool IsWon(JointQuorum quorum) =>
        quorum.IsReached(answers, static (answers, voter) => answers.TryGetValue(voter, out var granted) && granted);

    /// <summary>A quorum can no longer grant.</summary>
    public bool IsLost(JointQuorum quorum) =>
        quorum.IsLost(answers, static (answers, voter) => answers.TryGetValue(voter, out var granted) && !granted);

    /// <summary>Forgets all answers.</summary>
    public void Clear() => answers.Clear();

    /// <summary>Notes an answer; the first one of a node holds.</summary>
    public void Note(NodeId voter, bool granted) => answers.TryAdd(voter, granted);
}

namespace Coord.Raft;


/// <summary>
/// The answers of one round of voting. Each voter counts once, however often it answers (raft-design BE6, BE9).
/// </summary>
internal sealed class VoteTally(NodeId[] voters)
{
    private readonly Answer[] answers = new Answer[voters.Length];

    private enum Answer : byte
    {
        None,
        Granted,
        Refused,
    }

    /// <summary>A majority granted.</summary>
    public bool IsWon => Quorum.IsReached(Count(Answer.Granted), voters.Length);

    /// <summary>A majority can no longer grant.</summary>
    public bool IsLost => Quorum.IsLost(Count(Answer.Refused), voters.Length);

    /// <summary>Forgets all answers.</summary>
    public void Clear() => Array.Clear(answers);

    /// <summary>Notes an answer; the first one of a voter holds.</summary>
    public void Note(NodeId voter, bool granted)
    {
        var place = Array.IndexOf(voters, voter);
        if (place >= 0 && answers[place] == Answer.None)
            answers[place] = granted ? Answer.Granted : Answer.Refused;
    }

    private int Count(Answer wanted)
    {
        var count = 0;
        foreach (var answer in answers)
            count += answer == wanted ? 1 : 0;
        return count;
    }
}

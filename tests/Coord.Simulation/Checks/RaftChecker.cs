using Coord.Raft;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Checks;

/// <summary>
/// The promises of Raft, checked as the nodes go (raft-design T9): at most one leader a term, equal entries, no commit
/// that a quorum of disks does not hold, no acknowledgement ahead of the disk, equal states.
/// </summary>
internal sealed class RaftChecker
{
    private readonly Dictionary<long, int> _leaders = [];
    private readonly Dictionary<(long Index, long Term), LogRecord> _records = [];
    private readonly Dictionary<long, long> _committedTerms = [];
    private readonly Dictionary<long, long> _committedIn = [];
    private readonly Dictionary<long, (ulong Digest, int Node)> _digests = [];
    private readonly NodeLog[] _logs;
    private readonly VoteChecker _votes = new();
    private readonly MembershipChecker _memberships;
    private readonly RecoveryChecker _recoveries = new();
    private readonly NodeLog?[] _lost;
    private readonly int[][] _knownRecovering;
    private readonly long[] _terms;
    private readonly long[] _commits;
    private readonly bool[] _isLeader;
    private readonly bool[] _hasTruncated;

    public RaftChecker(int nodes, Membership? founding = null)
    {
        _memberships = new MembershipChecker(founding ?? new Membership());
        _logs = Enumerable.Range(0, nodes).Select(_ => new NodeLog()).ToArray();
        _lost = new NodeLog?[nodes];
        _knownRecovering = Enumerable.Repeat(Array.Empty<int>(), nodes).ToArray();
        _terms = new long[nodes];
        _commits = new long[nodes];
        _isLeader = new bool[nodes];
        _hasTruncated = new bool[nodes];
    }

    public long Committed { get; private set; }

    public int Elections { get; private set; }

    /// <summary>The committed membership; null while another one may be committed already.</summary>
    public Membership? Membership => _memberships.Settled(
        Committed, entry => _logs.Any(log => log.Holds(entry.Index, entry.Term)));

    /// <summary>Changes of the membership that were completed.</summary>
    public int MembershipChanges => _memberships.Committed;

    public NodeLog LogOf(int node) => _logs[node - 1];

    /// <summary>
    /// A node starts: its log is what was durable, or that and some of the writes that were under way. One that finds
    /// damage may have anything, and must be recovering then (raft-design P30).
    /// </summary>
    public void Recovered(
        int node,
        (long Index, long Term) snapshot,
        HardState state,
        long last,
        IReadOnlyList<(long Index, long Term)> entries,
        bool isRecovering = false,
        bool hasLost = false)
    {
        var durable = _logs[node - 1].DurableLastIndex;
        Require(hasLost || _logs[node - 1].CouldHaveBecome(state, last, entries), () =>
            $"node {node} recovered a log up to {last} with {state}; durable was {durable}");
        Require(isRecovering || !hasLost, () => $"node {node} found damage and does not recover");
        if (hasLost && !_votes.IsRecovering(node))
            _lost[node - 1] = _logs[node - 1];

        _logs[node - 1] = new NodeLog();
        _logs[node - 1].Recover(snapshot.Index, snapshot.Term, state, entries);
        _votes.Recovered(node, state, isRecovering);
        _terms[node - 1] = state.Term.Value;
        _commits[node - 1] = snapshot.Index;
        _isLeader[node - 1] = false;
    }

    /// <summary>The node takes part again.</summary>
    public void HasRecovered(int node, long start)
    {
        _recoveries.HasRecovered(node, start);
        _votes.HasRecovered(node);
        _lost[node - 1] = null;
    }

    /// <summary>The node's disk was replaced by an empty one.</summary>
    public void Wiped(int node)
    {
        _votes.Wiped(node);
        _memberships.Wiped(node);
        _lost[node - 1] = _logs[node - 1];
        _logs[node - 1] = new NodeLog();
    }

    /// <param name="node">The node.</param>
    /// <param name="append">What it appends.</param>
    /// <param name="commit">What it takes for committed: checked at the end of its turn.</param>
    public void Appended(int node, LogAppend append, long commit = 0)
    {
        var log = _logs[node - 1];
        if (append.HardState is { } state)
            _votes.Writing(node, state);

        foreach (var entry in append.Entries)
        {
            Require(entry.Index.Value > log.BaseIndex, () => $"node {node} overwrites its snapshot at {entry.Index}");
            var isCommitted = _committedTerms.TryGetValue(entry.Index.Value, out var committed);
            Require(!isCommitted || committed == entry.Term.Value || !IsCommittedAt(node, entry.Index.Value), () =>
                $"node {node} overwrites the committed entry {entry.Index} of term {committed} by term {entry.Term}");
            var isOwn = _isLeader[node - 1] && entry.Term.Value == _terms[node - 1];
            _memberships.Appended(node, entry, isOwn, Math.Max(commit, _commits[node - 1]));
            _recoveries.Appended(entry);
        }

        CheckMatching(node, append);
        _hasTruncated[node - 1] |= append.Entries.Count > 0 && append.FirstIndex.Value <= log.LastIndex;
        log.Append(append);
    }

    public void Persisted(int node, long sequence) => _logs[node - 1].Persisted(sequence);

    public void Resetting(int node, long index, long term) => _logs[node - 1].QueueReset(index, term);

    /// <summary>A snapshot mark is durable; if it drops the log, then so.</summary>
    public void Marked(int node, long index, long term) => _logs[node - 1].Marked(index, term);

    /// <summary>A message leaves: it may promise only what is on disk (raft-design E9, R16).</summary>
    public void Sending(int node, int to, RaftMessage message)
    {
        _votes.Sending(node, to, message);
        var log = _logs[node - 1];
        var isCurrent = message.Term == log.DurableState.Term;
        switch (message)
        {
            case VoteResponse { PreVote: false, Granted: true }:
                Require(log.DurableState.Term >= message.Term, () =>
                    $"node {node} grants a vote in term {message.Term} that is not on its disk");
                Require(!isCurrent || log.DurableState.VotedFor is not null, () =>
                    $"node {node} grants a vote in term {message.Term}, and its disk does not say so");
                break;
            case VoteRequest { PreVote: false } request:
                Require(log.DurableState.Term >= request.Term, () =>
                    $"node {node} asks for votes in term {request.Term} that is not on its disk");
                var (last, lastTerm) = (request.LastIndex.Value, request.LastTerm.Value);
                Require(!isCurrent || log.HoldsDurably(last, lastTerm) || !log.Holds(last, lastTerm), () =>
                    $"node {node} asks for votes with entry {request.LastIndex}, which is not on its disk");
                break;
            case AppendResponse { Accepted: true } response:
                Require(log.DurableState.Term >= response.Term, () =>
                    $"node {node} acknowledges entries in term {response.Term} that is not on its disk");
                CheckAcknowledged(node, log, response, isCurrent);
                break;
            default:
                break;
        }
    }

    // The entry itself: an older one that it replaces may stand on the disk at its index (raft-design K2). What a newer
    // leader has replaced since is not what was accepted: that waited for the disk under the term before.
    private static void CheckAcknowledged(int node, NodeLog log, AppendResponse response, bool isCurrent)
    {
        var index = response.Index.Value;
        var isReplaced = log.TermAt(index) > response.Term.Value;
        Require(!isCurrent || log.DurableLastIndex >= index, () =>
            $"node {node} acknowledges entry {index}, its disk ends with {log.DurableLastIndex}");
        Require(!isCurrent || isReplaced || log.TermAt(index) is not { } term || log.HoldsDurably(index, term), () =>
            $"node {node} acknowledges entry {index} of term {log.TermAt(index)}, its disk holds an older one there");
    }

    /// <summary>After a turn: what the node says about itself.</summary>
    public void Turned(int node, RaftStatus status, long appliedIndex, ulong digest)
    {
        Require(status.Term.Value >= _terms[node - 1], () => $"node {node} went back to term {status.Term}");
        Require(status.Commit.Value >= _commits[node - 1], () => $"node {node} took back commits: {status.Commit}");
        CheckOffice(node, status);
        _terms[node - 1] = status.Term.Value;
        _memberships.Turned(node, status.Membership, _logs[node - 1]);
        if (status.Role == RaftRole.Leader)
        {
            CheckLeader(node, status.Term.Value, status.Membership);
            CheckMatches(node, status);
        }

        if (status.Commit.Value > _commits[node - 1])
            CheckCommits(node, status.Commit.Value);

        _commits[node - 1] = status.Commit.Value;
        _knownRecovering[node - 1] = [.. status.RecoveringVoters.Select(id => id.Value)];
        CheckDigest(node, appliedIndex, digest);
    }

    // Of a node that led before this turn and still does: it never overwrites itself (Raft thesis 3.2), and by counting
    // it commits entries of its own term only (3.6.2; raft-design C2).
    private void CheckOffice(int node, RaftStatus status)
    {
        var leads = status.Role == RaftRole.Leader;
        if (leads && _isLeader[node - 1] && status.Term.Value == _terms[node - 1])
        {
            Require(!_hasTruncated[node - 1], () => $"node {node} leads in term {status.Term} and overwrites its log");
            var term = _logs[node - 1].TermAt(status.Commit.Value);
            Require(status.Commit.Value == _commits[node - 1] || term is null || term == status.Term.Value, () =>
                $"node {node} leads in term {status.Term} and commits by counting entry {status.Commit} "
                + $"of term {term}");
        }

        _isLeader[node - 1] = leads;
        _hasTruncated[node - 1] = false;
    }

    private bool IsCommittedAt(int node, long index) => index <= _commits[node - 1];

    private void CheckMatching(int node, LogAppend append)
    {
        if (append.Entries.Count == 0)
            return;

        var previous = _logs[node - 1].TermAt(append.FirstIndex.Value - 1) ?? -1;
        foreach (var entry in append.Entries)
        {
            var record = new LogRecord(entry.Term.Value, Hash(entry), previous);
            var key = (entry.Index.Value, entry.Term.Value);
            if (_records.TryGetValue(key, out var known))
            {
                Require(known.PayloadHash == record.PayloadHash, () =>
                    $"node {node}: entry {key.Item1} of term {key.Item2} differs from another node's");
                Require(previous < 0 || known.PreviousTerm < 0 || known.PreviousTerm == previous, () =>
                    $"node {node}: before entry {key.Item1} of term {key.Item2} stands term {previous}, "
                    + $"elsewhere {known.PreviousTerm}");
            }
            else
            {
                _records[key] = record;
            }

            previous = entry.Term.Value;
        }
    }

    // Raft thesis 3.2: election safety; 3.6.4: leader completeness, which binds the leaders of later terms. An old
    // election may end late, when the votes were long under way.
    private void CheckLeader(int node, long term, Membership membership)
    {
        if (_leaders.TryGetValue(term, out var other))
        {
            Require(other == node, () => $"nodes {other} and {node} both lead in term {term}");
            return;
        }

        _votes.Elected(node, term, membership);
        _leaders[term] = node;
        Elections++;
        foreach (var (index, committed) in _committedTerms)
        {
            Require(term <= _committedIn[index] || _logs[node - 1].Holds(index, committed), () =>
                $"node {node} leads in term {term} without the entry {index} of term {committed}, "
                + $"committed in term {_committedIn[index]}");
        }
    }

    // What a leader takes for acknowledged stands on that disk, until a later leader replaces it (raft-design R7, E11).
    // Who lost its disk is told apart in the handshake (P30, R17).
    private void CheckMatches(int leader, RaftStatus status)
    {
        foreach (var peer in status.Peers)
        {
            var log = _logs[peer.Id.Value - 1];
            var term = _logs[leader - 1].TermAt(peer.Match.Value);
            var isOver = log.DurableState.Term > status.Term || _lost[peer.Id.Value - 1] is not null
                || _votes.IsRecovering(peer.Id.Value);
            Require(isOver || term is null || log.HoldsDurably(peer.Match.Value, term.Value), () =>
                $"node {leader} leads in term {status.Term} and takes entry {peer.Match} of term {term} for "
                + $"acknowledged by node {peer.Id}, whose disk does not hold it");
        }
    }

    private void CheckCommits(int node, long commit)
    {
        var log = _logs[node - 1];
        for (var index = Math.Max(_commits[node - 1], log.BaseIndex) + 1; index <= commit; index++)
        {
            var term = log.TermAt(index);
            Require(term is not null, () => $"node {node} commits entry {index}, which it does not have");
            if (_committedTerms.TryGetValue(index, out var known))
            {
                Require(known == term, () => $"entry {index} committed with terms {known} and {term}");
                continue;
            }

            _committedTerms[index] = term!.Value;
            _committedIn[index] = _terms[node - 1];
            _memberships.Commit(index, term.Value);
            _recoveries.Commit(index, term.Value);
            bool Holds(int id) => HoldsFor(node, id, index, term.Value);
            Require(_memberships.HasQuorum(node, Holds), () =>
                $"node {node} commits entry {index} of term {term}, which no quorum of disks holds");
        }

        Committed = Math.Max(Committed, commit);
    }

    // What a node acknowledged before it lost its disk counts until the leader hears that it is recovering: who leads
    // later does so without that node (raft-design P30).
    private bool HoldsFor(int leader, int node, long index, long term)
    {
        if (!_votes.IsRecovering(node) && _logs[node - 1].HoldsDurably(index, term))
            return true;

        return !_knownRecovering[leader - 1].Contains(node) && _lost[node - 1]?.HoldsDurably(index, term) == true;
    }

    // Raft thesis 3.2, state machine safety: the digest covers the whole history up to the index.
    private void CheckDigest(int node, long appliedIndex, ulong digest)
    {
        if (appliedIndex == 0)
            return;

        if (_digests.TryGetValue(appliedIndex, out var known))
        {
            Require(known.Digest == digest, () =>
                $"at index {appliedIndex} node {node} has digest {digest:x16}, node {known.Node} {known.Digest:x16}");
            return;
        }

        _digests[appliedIndex] = (digest, node);
    }

    private static ulong Hash(in Entry entry)
    {
        var hash = 14695981039346656037UL + (ulong)entry.Kind;
        foreach (var b in entry.Payload.Span)
            hash = (hash ^ b) * 1099511628211;

        return hash;
    }

    private static void Require(bool holds, Func<string> what)
    {
        if (!holds)
            throw new SimulationFailedException(what());
    }
}

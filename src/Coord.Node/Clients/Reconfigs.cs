using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Protocol;
using Coord.Raft;

namespace Coord.Node.Clients;

/// <summary>
/// Reconfigs of this node's clients: each goes to the leader, again when the leader changes or does not answer, and is
/// answered here once what it did is applied here. Asking twice is harmless: a leader repeats its answer, and for the
/// next one members that are there already, or gone already, are no change.
/// </summary>
internal sealed class Reconfigs(ReplicaView view, NodeLimits limits)
{
    private const int OpCodeBytes = 4;

    private readonly Dictionary<long, Waiting> waiting = [];
    private readonly List<(ClientSession Session, ErrorCode Error)> ended = [];

    // A leader remembers requests by it: those of an earlier process of this node have others.
    private long lastId = view.ProcessStart << 32;
    private long askedTerm = -1;
    private long askedAtMs;
    private bool hasNews;

    /// <summary>A reconfig came to the head of its session's queue.</summary>
    public long Begin(ClientSession session, in PendingRequest asked)
    {
        // Decodable: that was checked when the request was taken in.
        var text = ReconfigText.Read(asked.Body.Span[OpCodeBytes..])!;
        var request = new ReconfigForward(++lastId, asked.Identities, text);
        waiting.Add(request.Id, new Waiting(session, request)
        {
            Answer = limits.ReconfigEnabled
                ? null
                : new ReconfigAnswer(request.Id, ErrorCode.ReconfigDisabled, default),
        });
        hasNews = true;
        return request.Id;
    }

    /// <summary>What to send to the leader now: what is new, or everything again.</summary>
    public IEnumerable<ReconfigForward> TakeDue()
    {
        var isLate = view.NowMs - askedAtMs > limits.ForwardRetry.TotalMilliseconds || askedTerm != view.Term.Value;
        if (waiting.Count == 0 || view.Leader is null || (!hasNews && !isLate))
            return [];
        hasNews = false;
        askedAtMs = view.NowMs;
        askedTerm = view.Term.Value;
        Waiting[] due = [.. waiting.Values.Where(entry => entry.Answer is null)];
        foreach (var entry in due)
            entry.FirstTerm ??= view.Term;
        return due.Select(entry => entry.Request);
    }

    /// <summary>The leader's answer; a second one to the same request changes nothing.</summary>
    public void Answered(ReconfigAnswer answer)
    {
        if (!waiting.TryGetValue(answer.Id, out var entry) || entry.Answer is not null)
            return;

        // The leader before may have made the change that this one takes for somebody else's.
        var isUnknown = answer.Error == ErrorCode.BadVersion && entry.FirstTerm < view.Term;
        entry.Answer = isUnknown ? answer with { Error = ErrorCode.OperationTimeout } : answer;
    }

    /// <summary>The requests that are answered, what they did being applied here.</summary>
    public IReadOnlyList<(ClientSession Session, ErrorCode Error)> TakeEnded(long appliedIndex)
    {
        ended.Clear();
        if (waiting.Count == 0)
            return ended;
        foreach (var (id, entry) in waiting)
        {
            var isGone = entry.Session.Phase == ClientPhase.Closed;
            if (!isGone && (entry.Answer is not { } answer || answer.Index.Value > appliedIndex))
                continue;
            waiting.Remove(id);
            if (!isGone)
                ended.Add((entry.Session, entry.Answer!.Error));
        }

        return ended;
    }

    private sealed class Waiting(ClientSession session, ReconfigForward request)
    {
        public ClientSession Session { get; } = session;

        public ReconfigForward Request { get; } = request;

        /// <summary>The term in which it was first sent to a leader.</summary>
        public Term? FirstTerm { get; set; }

        public ReconfigAnswer? Answer { get; set; }
    }
}

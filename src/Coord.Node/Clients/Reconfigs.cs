using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>
/// Reconfigs of this node's clients: each goes to the leader, again when the leader changes or does not answer, and is
/// answered here once what it did is applied here. Asking twice is harmless: members that are there already, or gone
/// already, are no change.
/// </summary>
internal sealed class Reconfigs(ReplicaView view, NodeLimits limits)
{
    private const int OpCodeBytes = 4;

    private readonly Dictionary<long, Waiting> waiting = [];
    private readonly List<(ClientSession Session, ErrorCode Error)> ended = [];
    private long lastId;
    private long askedTerm = -1;
    private long askedAtMs;
    private bool hasNews;

    /// <summary>A reconfig came to the head of its session's queue.</summary>
    public long Begin(ClientSession session, ReadOnlyMemory<byte> body)
    {
        // Decodable: that was checked when the request was taken in.
        var text = ReconfigText.Read(body.Span[OpCodeBytes..])!;
        var request = new ReconfigForward(++lastId, session.Identities, text);
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
        return [.. waiting.Values.Where(entry => entry.Answer is null).Select(entry => entry.Request)];
    }

    /// <summary>The leader's answer; a second one to the same request changes nothing.</summary>
    public void Answered(ReconfigAnswer answer)
    {
        if (waiting.TryGetValue(answer.Id, out var entry))
            waiting[answer.Id] = entry with { Answer = answer };
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

    private sealed record Waiting(ClientSession Session, ReconfigForward Request)
    {
        public ReconfigAnswer? Answer { get; init; }
    }
}

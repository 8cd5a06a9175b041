using Coord.Differential.Dialects;
using Coord.Differential.Sequences;
using Coord.Differential.Wire;

namespace Coord.Differential.Runs;

/// <summary>Turns what came during one step into text that two servers must agree on.</summary>
internal sealed class Describing(
    string prefix, ZxidNames zxids, ReplyText replies, IDialect dialect, IReadOnlyList<Client> clients)
{
    public const int Refused = -112;
    public const int MarshallingError = -5;
    public const int Unimplemented = -6;
    public const int AuthFailed = -115;

    private readonly HashSet<long> _causes = [];
    private long _maxBefore;
    private bool _isReplay;
    private bool _hasManyCauses;

    /// <param name="hasManyCauses">Transactions without a reply fire events in this step.</param>
    public void Begin(bool hasManyCauses)
    {
        _causes.Clear();
        _maxBefore = zxids.Max;
        _isReplay = false;
        _hasManyCauses = hasManyCauses;
    }

    /// <summary>As if a server had answered an error and closed the connection.</summary>
    public static string Unasked(Request request, int error, List<Cell> cells)
    {
        cells.Add(new Cell(Request.NameOf(request.Op), error));
        return $"error {error} zxid {(error == Unimplemented ? -1 : 0)}, then closed";
    }

    /// <summary>Events that came before a reply on its connection, then the reply.</summary>
    public string Reply(Client client, Request request, Frame? reply, string name, List<Cell> cells)
    {
        if (request.Op is Op.SetWatches or Op.SetWatches2)
            _isReplay = true;
        if (request.IsWrite && reply is not null)
            _causes.Add(reply.Zxid);
        var isNumbered = request.IsWrite && reply?.Error != MarshallingError;
        // Which ephemerals go first at the end of a session is nobody's promise (zookeeper-protocol 7.3).
        var events = client.Events.Select(Event);
        if (request.Op == Op.CloseSession)
            events = events.Order(StringComparer.Ordinal);
        var text = string.Concat(events.Select(shown => $"{shown}, "));
        client.Events.Clear();
        if (reply is null)
            return text + "closed without a reply";
        if (dialect.IsRefusalOfNull(request, reply.Error))
            return text + "error for a null";
        cells.Add(new Cell(Request.NameOf(request.Op), reply.Error));
        text += $"error {reply.Error} zxid {Zxid(client, isNumbered ? name : null, reply.Zxid)}";
        return reply.Error == 0
            ? $"{text} {replies.Of(request, reply.Body, dialect, cells)}"
            : text + (dialect.IsErrorBody(request, reply.Body.Left) ? "" : $" and {reply.Body.Left} bytes");
    }

    /// <summary>The events that came on every connection, slot by slot.</summary>
    public string Events(bool isSorted)
    {
        var text = "";
        for (var slot = 0; slot < clients.Count; slot++)
        {
            var events = clients[slot].Events.Select(Event).Where(shown => shown.Length > 0);
            if (isSorted)
                events = events.Order(StringComparer.Ordinal);
            text += string.Concat(events.Select(shown => $"\n    {slot} sees {shown}"));
            clients[slot].Events.Clear();
        }

        return text;
    }

    // A transaction's own, which it has when it fails, too: a malformed request is none (zookeeper-protocol 1.5).
    private string Zxid(Client client, string? name, long zxid)
    {
        if (zxid <= 0)
            return $"{zxid}";
        if (name is not null)
            return zxids.Add(zxid, name) ? "new" : "old";
        return zxid >= client.LastZxid ? "ok" : "behind";
    }

    private string Event(Frame frame)
    {
        var body = frame.Body;
        var (type, state, path) = (body.Int(), body.Int(), body.Text());
        if (path is null || (path != prefix && !path.StartsWith(prefix + "/", StringComparison.Ordinal)))
            return "";
        var isCause = _hasManyCauses ? frame.Zxid > _maxBefore : _causes.Contains(frame.Zxid);
        var zxid = dialect.EventZxid(frame.Zxid, _isReplay, isCause);
        return $"event {type} state {state} {replies.Path(path)} zxid {zxid}{(body.Left == 0 ? "" : " and more")}";
    }
}

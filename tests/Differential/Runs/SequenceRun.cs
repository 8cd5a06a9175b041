using System.Net.Sockets;
using Coord.Differential.Sequences;
using Coord.Differential.Servers;
using Coord.Differential.Wire;

namespace Coord.Differential.Runs;

/// <summary>
/// A sequence on one server. One request at a time, and behind each transaction every other connection is asked for
/// what it has to tell: so there is one right answer to all that follows.
/// </summary>
internal sealed class SequenceRun : IDisposable
{
    private static long runs;

    private readonly Server _server;
    private readonly Sequence _sequence;
    private readonly string _prefix;
    private readonly ZxidNames _zxids = new();
    private readonly Dictionary<long, string> _sessions = [];
    private readonly Client[] _clients;
    private readonly int[] _incarnations = new int[Sequence.Slots];
    private readonly Observer _observer;
    private readonly Describing _describing;
    private readonly List<Cell> _cells = [];

    private SequenceRun(Server server, Sequence sequence)
    {
        (_server, _sequence) = (server, sequence);
        // Of one length: the largest frame leaves as much for data on both.
        _prefix = $"/d{Interlocked.Increment(ref runs):x8}";
        _clients = [.. Enumerable.Range(0, Sequence.Slots).Select(NewClient)];
        _observer = new Observer(NewClient(0), isSync: server.Ports.Count > 1);
        _describing = new Describing(
            _prefix, _zxids, new ReplyText(_prefix, _zxids, _sessions), server.Dialect, _clients);
    }

    /// <summary>Outcomes of the steps in order, and of the final tree; fewer when a step was not answered.</summary>
    public static IReadOnlyList<Outcome> Execute(Server server, Sequence sequence)
    {
        using var run = new SequenceRun(server, sequence);
        return run.Execute();
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
        _observer.Dispose();
    }

    private List<Outcome> Execute()
    {
        var outcomes = new List<Outcome>();
        try
        {
            _zxids.Add(_observer.CreateRoot(_prefix), "root");
            for (var i = 0; i < _sequence.Steps.Count; i++)
                outcomes.Add(Execute(_sequence.Steps[i], i));
            var tree = new FinalTree(_observer, _prefix, new ReplyText(_prefix, _zxids, _sessions), _server.Dialect);
            outcomes.Add(new Outcome(tree.Read(), []));
            tree.Delete();
            EndSessions();
        }
        catch (Exception error) when (error is SocketException or InvalidDataException or IOException)
        {
            outcomes.Add(Outcome.Failed(error.Message));
        }

        return outcomes;
    }

    private Outcome Execute(Step step, int index)
    {
        _cells.Clear();
        _describing.Begin(hasManyCauses: step is Expire or Sweep);
        var before = step is Return or Expire ? "" : EnsureConnected(step.Slot);
        var text = before + Execute(step, _clients[step.Slot], index);
        if (step is not Ask { Request.IsWrite: false })
            FlushOthers(step.Slot);
        text += _describing.Events(isSorted: step is Leave or Expire or Sweep);
        return new Outcome(text, [.. _cells]);
    }

    private string Execute(Step step, Client client, int index)
    {
        switch (step)
        {
            case Ask ask:
                return AskOne(client, ask.Request, index);
            case AskAll all:
                return AskSeveral(client, all.Requests, index);
            case CheckAndRemove watches:
                return CheckAndRemove(client, watches, index);
            case SendBytes send:
                client.SendBytes(send.Bytes);
                return client.IsClosedByServer() ? "closed" : "answered";
            case Cut:
                client.Cut();
                return "";
            case Leave:
                return CloseSession(client, index);
            case Return back:
                return ComeBack(back, client);
            case Expire:
                return AwaitExpiry(step.Slot, client, index);
            case Sweep sweep:
                return AwaitSweep(sweep, client, index);
            default:
                throw new InvalidOperationException($"no step: {step}");
        }
    }

    private string AskOne(Client client, Request request, int index)
    {
        if (_server.Dialect.AnswerUnasked(request) is { } unasked)
        {
            client.Cut();
            return Describing.Unasked(request, unasked, _cells);
        }

        if (request.Op == Op.Ping)
        {
            _cells.Add(new Cell(Request.NameOf(request.Op), 0));
            return client.Flush(isSync: false) ? "alive" : "closed";
        }

        var reply = client.Call(_server.Dialect.OnWire(request));
        var text = Describe(client, request, reply, $"#{index}");
        if (reply is not { Error: 0 } || !_sequence.IsGuarded || _server.Dialect.AskedToo(request) is not { } second
            || client.Call(second) is not { Error: not 0 } refused)
            return text;
        _server.Dialect.CountAskedToo();
        _cells.Clear();
        return Describe(client, request, refused, $"#{index}");
    }

    private string AskSeveral(Client client, IReadOnlyList<Request> requests, int index)
    {
        var first = client.Send([.. requests.Select(_server.Dialect.OnWire)]);
        var text = "";
        for (var i = 0; i < requests.Count; i++)
        {
            var reply = client.Receive(first + i);
            text += $"\n    {_describing.Reply(client, requests[i], reply, $"#{index}.{i}", _cells)}";
        }

        return text;
    }

    private string CheckAndRemove(Client client, CheckAndRemove step, int index)
    {
        var check = Requests.Watch(Op.CheckWatches, step.Path, step.Type);
        var found = client.Call(_server.Dialect.OnWire(check))?.Error;
        var remove = Requests.Watch(Op.RemoveWatches, step.Path, step.Type);
        var reply = client.Call(_server.Dialect.OnWire(remove));
        _cells.Add(new Cell(Request.NameOf(Op.CheckWatches), reply?.Error ?? 0));
        var text = Describe(client, remove, reply, $"#{index}");
        return _server.Dialect.IsCheckReliable && found != reply?.Error ? $"{text}, but the check said {found}" : text;
    }

    private string Describe(Client client, Request request, Frame? reply, string name)
    {
        var text = _describing.Reply(client, request, reply, name, _cells);
        // A ping could slip in before the connection is closed, so its end is waited for.
        if (reply is { Error: Describing.AuthFailed } or { Error: Describing.Unimplemented, Zxid: -1 })
            text += client.IsClosedByServer() ? ", then closed" : ", then more";
        return text;
    }

    private string CloseSession(Client client, int index)
    {
        var close = Requests.Bare(Op.CloseSession);
        var text = _describing.Reply(client, close, client.Call(close), $"#{index}", _cells);
        text += client.IsConnected && client.IsClosedByServer() ? ", closed" : ", not closed";
        client.ForgetSession();
        return text;
    }

    private string ComeBack(Return step, Client client)
    {
        var text = EnsureSession(step.Slot);
        var greeted = client.Greet(step.Greeting);
        _cells.Add(new Cell($"greeting: {step.Greeting}", client.IsConnected ? 0 : Describing.Refused));
        text += greeted;
        if (!client.IsConnected)
            text += "; then " + client.Greet();
        return text;
    }

    private string AwaitExpiry(int slot, Client client, int index)
    {
        var text = EnsureSession(slot);
        text += client.Greet(timeoutMs: 1);
        var marker = $"{_prefix}x{index}";
        client.Call(Requests.Create(Op.Create, WirePath.Just(marker), [], AclList.Open, flags: 1));
        client.Cut();
        _observer.AwaitGone(marker);
        text += "; expired; " + client.Greet();
        _cells.Add(new Cell("greeting: expired", client.IsConnected ? 0 : Describing.Refused));
        client.ForgetSession();
        return text;
    }

    private string AwaitSweep(Sweep step, Client client, int index)
    {
        var path = WirePath.Below(step.Path);
        var create = step.IsTtl
            ? Requests.Create(Op.CreateTtl, path, [], AclList.Open, flags: 5, ttl: 1)
            : Requests.Create(Op.CreateContainer, path, [], AclList.Open, flags: 4);
        var reply = client.Call(create);
        var text = step.IsTtl && reply is { Error: 0 }
            ? "created"
            : _describing.Reply(client, create, reply, $"#{index}", _cells);
        if (reply is not { Error: 0 })
            return text;
        if (!step.IsTtl)
        {
            var child = WirePath.Below(step.Path + "/c");
            client.Call(Requests.Create(Op.Create, child, [], AclList.Open, 0));
            client.Call(Requests.Delete(child, -1));
        }

        _observer.AwaitGone(_prefix + step.Path);
        client.Flush(isSync: _server.Ports.Count > 1);
        return text + "; swept";
    }

    private string EnsureConnected(int slot)
    {
        var client = _clients[slot];
        if (client.IsConnected)
            return "";
        if (client.SessionId == 0)
            return EnsureSession(slot);
        return client.Greet() + "; ";
    }

    private string EnsureSession(int slot)
    {
        var client = _clients[slot];
        if (client.SessionId != 0)
            return "";
        var text = client.Greet() + "; ";
        _sessions[client.SessionId] = $"{slot}.{_incarnations[slot]++}";
        return text;
    }

    private void FlushOthers(int slot)
    {
        for (var i = 0; i < _clients.Length; i++)
        {
            if (i != slot && _clients[i].IsConnected)
                _clients[i].Flush(isSync: _server.Ports.Count > 1);
        }
    }

    private void EndSessions()
    {
        foreach (var client in _clients.Where(client => client.SessionId != 0))
        {
            if (!client.IsConnected)
                client.Greet();
            if (client.IsConnected)
                client.Call(Requests.Bare(Op.CloseSession));
        }
    }

    private Client NewClient(int slot) => new(_server.Ports[slot % _server.Ports.Count], _prefix);
}

using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// Waits for its turn and holds, by hand as ZooKeeper's recipes do it. Its token is the czxid of its own child: whoever
/// holds later has a greater one. What the lock guards is written in a multi that checks that this child is still
/// there, so a holder that slept through its session writes nothing any more. Now and then one does sleep that long.
/// </summary>
internal sealed class RecipeClient
{
    private const int SessionTimeoutMs = 4_000;
    private const string Writer = "write";
    private const string Reader = "read";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(8);

    // Often enough to lose locks, seldom enough to get on.
    private const int OneSleepsOf = 100;

    // Acts that a holder without a lock goes on with when that fault is planted.
    private const int ActsWithoutLock = 4;

    private readonly WorkloadContext context;
    private readonly RecipeKind kind;
    private readonly string path;
    private readonly WorkloadClient client;
    private Waiting? own;
    private Operation? hold;
    private int acts;
    private int? readVersion;
    private bool isUnsure;
    private bool isLost;

    public RecipeClient(WorkloadContext context, RecipeKind kind, string path, int seed)
    {
        (this.context, this.kind, this.path) = (context, kind, path);
        client = WorkloadClient.Passing(context, SessionTimeoutMs, seed);
        client.OnExpired = Expired;
    }

    private bool IgnoresLoss => context.Plants(PlantedFaults.IgnoreLostToken);

    public static string Queue(string path) => $"{path}/queue";

    public static string Guarded(string path) => $"{path}/guarded";

    /// <summary>Runs until told to stop, then ends its session.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await client.RunAsync(() => StepAsync(stop), stop);
        LetGo();
        await client.TryAsync(client.CloseAsync);
        client.Dispose();
    }

    private Task StepAsync(CancellationToken stop)
    {
        if (isUnsure)
            return BeginAgainAsync();
        if (own is null)
            return EnterAsync();
        return hold is null ? WaitAsync(own) : acts-- > 0 ? ActAsync(own, stop) : LeaveAsync(own);
    }

    /// <summary>There may be a child with which nobody waits: it goes with its session.</summary>
    private async Task BeginAgainAsync()
    {
        isUnsure = false;
        await client.CloseAsync();
    }

    private async Task EnterAsync()
    {
        var mode = kind == RecipeKind.ReadWriteLock && client.Random.Next(2) == 0 ? Reader : Writer;
        var call = client.Begin(OperationKind.CreateSequential, Queue(path)) with
        {
            Tag = client.Recorder.NewTag(),
        };
        var asked = $"{call.Key}/{NumberedChild.Ask(mode, call.Tag)}";
        isUnsure = true;
        var reply = (await client.AskAsync(call,
            xid => Wire.CreateRequest(xid, asked, [], CreateMode.EphemeralSequential)))[0];
        isUnsure = false;
        if (reply.Error != 0)
            throw new ProtocolViolationException($"create {asked}: error {reply.Error}");

        var name = ReplyReader.Path(reply)[(call.Key.Length + 1)..];
        own = new Waiting(NumberedChild.Parse(name), mode, reply.Zxid, client.Now);
        client.Record(client.Done(call, reply) with { Amount = own.Child.Number });
    }

    private async Task WaitAsync(Waiting me)
    {
        // With a sync, so that waiting is contact: else a long wait would leave nothing of the timeout to hold in.
        var reply = (await client.PollAsync(
            xid => Wire.ReadRequest(xid, Wire.GetChildren2, Queue(path))))[0];
        NumberedChild[] line = [.. ReplyReader.Children(reply).Names.Select(NumberedChild.Parse)
            .OrderBy(child => child.Number)];
        var place = Array.FindIndex(line, child => child.Tag == me.Child.Tag);
        if (place < 0)
            own = null; // The session is going, and the child went before.
        else if (Holds(me, line, place))
            BeginHold(me);
        else if (client.Now - me.Since > WaitMax.TotalNanoseconds)
            await LeaveAsync(me);
        else
            await Task.Delay(PollInterval);
    }

    private bool Holds(Waiting me, NumberedChild[] line, int place) => kind switch
    {
        RecipeKind.Semaphore => place < RecipeWorkload.Permits,
        RecipeKind.ReadWriteLock when me.Mode == Reader =>
            !line.Take(place).Any(child => child.Name.StartsWith(Writer, StringComparison.Ordinal)),
        _ => place == 0,
    };

    private void BeginHold(Waiting me)
    {
        hold = client.Begin(OperationKind.Hold, Queue(path)) with { Tag = me.Token, Text = me.Mode };
        acts = client.Random.Next(1, 5);
        readVersion = null;
    }

    private async Task ActAsync(Waiting me, CancellationToken stop)
    {
        var rest = client.Random.Next(OneSleepsOf) == 0
            ? TimeSpan.FromMilliseconds(SessionTimeoutMs + client.Random.Next(500, 2500))
            : TimeSpan.FromMilliseconds(client.Random.Next(10));
        await Task.Delay(rest, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var outcome = me.Mode == Reader ? await CheckAsync(me) : await WriteAsync(me);
        if (outcome.Error == Operation.NoNode && !IgnoresLoss)
        {
            LetGo();
            own = null;
        }
    }

    /// <summary>Writes what is guarded, if the child that carries the token is still there.</summary>
    private async Task<MultiOutcome> WriteAsync(Waiting me)
    {
        var call = client.Begin(OperationKind.Set, Guarded(path)) with
        {
            Tag = client.Recorder.NewTag(), Amount = me.Token,
        };
        var write = MultiOperation.Set(call.Key, Wire.Datum(me.Token, call.Tag), version: -1);
        MultiOperation[] guarded = IgnoresLoss ? [write] : [Exists(me), write];
        var reply = (await client.AskAsync(call, xid => Wire.MultiRequest(xid, guarded)))[0];
        return Record(call, reply);
    }

    private async Task<int> ReadAsync()
    {
        var call = client.Begin(OperationKind.Read, Guarded(path));
        var reply = (await client.AskLatestAsync(call,
            xid => Wire.ReadRequest(xid, Wire.GetData, call.Key)))[0];
        var (token, tag, stat) = ReplyReader.Datum(reply);
        client.Record(client.Done(call, reply) with
        {
            Amount = token, Tag = tag, Version = stat.Version, ModifiedZxid = stat.ModifiedZxid,
        });
        return stat.Version;
    }

    /// <summary>What is guarded is as it was when it was first read in this hold, if the hold goes on.</summary>
    private async Task<MultiOutcome> CheckAsync(Waiting me)
    {
        var version = readVersion ??= await ReadAsync();
        var call = client.Begin(OperationKind.Transaction, Guarded(path)) with
        {
            Tag = client.Recorder.NewTag(), Amount = me.Token,
        };
        MultiOperation[] unchanged = [Exists(me), MultiOperation.Check(call.Key, version)];
        var reply = (await client.AskAsync(call, xid => Wire.MultiRequest(xid, unchanged)))[0];
        return Record(call, reply);
    }

    private MultiOutcome Record(Operation call, Reply reply)
    {
        var outcome = ReplyReader.Multi(reply);
        client.Record(client.Done(call, reply) with { Error = outcome.Error, Expected = outcome.Refused });
        return outcome;
    }

    private MultiOperation Exists(Waiting me) => MultiOperation.Check(PathOf(me), version: -1);

    private async Task LeaveAsync(Waiting me)
    {
        LetGo();
        own = null;
        isUnsure = true;
        await client.Session.DeleteAsync(PathOf(me));
        isUnsure = false;
        isLost = false;
    }

    /// <summary>From here on it does not count on holding, whatever becomes of its child.</summary>
    private void LetGo()
    {
        if (hold is not null && !isLost)
            client.Record(hold with { Completed = client.Now, Amount = client.SureUntil });
        hold = null;
    }

    private void Expired(int session)
    {
        client.RecordLoss(session, isTold: true);
        isUnsure = false;
        if (IgnoresLoss && hold is not null)
        {
            LetGo();
            (hold, isLost, acts) = (client.Begin(OperationKind.Hold, ""), true, ActsWithoutLock);
            return;
        }

        LetGo();
        own = null;
    }

    private string PathOf(Waiting me) => $"{Queue(path)}/{me.Child.Name}";

    private sealed record Waiting(NumberedChild Child, string Mode, long Token, long Since);
}

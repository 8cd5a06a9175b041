using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// One client of a workload: its session, its pace, and the record of what it asked. Whatever is under way when a
/// connection is lost is recorded as unknown, and its process number is never used again (raft-design T23).
/// </summary>
internal sealed class WorkloadClient : IDisposable
{
    private const int MovesUsually = 3;

    // A node that is down refuses at once.
    private static readonly TimeSpan AttemptInterval = TimeSpan.FromMilliseconds(10);

    private readonly WorkloadContext context;
    private readonly int sessionTimeoutMs;
    private int movesPerThousand = MovesUsually;
    private int process;
    private int attached;

    private WorkloadClient(WorkloadContext context, SessionClient session, int seed, int sessionTimeoutMs)
    {
        (this.context, Session, this.sessionTimeoutMs) = (context, session, sessionTimeoutMs);
        Random = new Random(seed);
        process = context.Recorder.NewProcess();
        attached = session.Session;
    }

    public SessionClient Session { get; private set; }

    public Random Random { get; }

    /// <summary>Called once for every session that the servers say is gone, with its number.</summary>
    public Action<int>? OnExpired { get; set; }

    /// <summary>Called when an attempt to attach came to nothing; a node may have heard of it all the same.</summary>
    public Action? OnUnanswered { get; set; }

    /// <summary>
    /// When the last request was sent that the servers have answered for all: a write, a sync, a handshake. What a node
    /// reads from its own state tells its leader nothing (design.md section 5).
    /// </summary>
    public long LastContact { get; private set; }

    /// <summary>The moment up to which the servers cannot have ended the session.</summary>
    public long SureUntil => LastContact + (LeastTimeoutMs * 1_000_000L);

    /// <summary>Of the session's timeout, where clocks may go too fast.</summary>
    public int LeastTimeoutMs => context.Options.LeastTimeoutMs(Session.GrantedTimeoutMs);

    /// <summary>Of the session's timeout, where clocks may go too slowly.</summary>
    public int MostTimeoutMs => context.Options.MostTimeoutMs(Session.GrantedTimeoutMs);

    public Recorder Recorder => context.Recorder;

    public long Now => context.Recorder.Now;

    /// <summary>A client whose session lasts as long as the run, which ends it.</summary>
    /// <param name="context">Of the workload.</param>
    /// <param name="number">Of the client, by which it begins at a node.</param>
    /// <param name="seed">Of all that it leaves to chance.</param>
    /// <param name="movesPerThousand">How often in a thousand steps it moves to another node without need.</param>
    public static WorkloadClient Lasting(
        WorkloadContext context, int number, int seed, int movesPerThousand = MovesUsually) =>
        new(context, context.NewSession(number), seed, sessionTimeoutMs: 0) { movesPerThousand = movesPerThousand };

    /// <summary>A client that ends its sessions itself and begins new ones.</summary>
    public static WorkloadClient Passing(WorkloadContext context, int sessionTimeoutMs, int seed) =>
        new(context, context.NewPassingSession(sessionTimeoutMs), seed, sessionTimeoutMs);

    /// <summary>A client on a session that is somebody else's and attached.</summary>
    public static WorkloadClient Of(WorkloadContext context, SessionClient session) =>
        new(context, session, seed: 0, sessionTimeoutMs: 0);

    /// <summary>Takes one step after the other, at the pace of the run, until told to stop.</summary>
    public async Task RunAsync(Func<Task> step, CancellationToken stop)
    {
        var pace = new Pace(context.Interval);
        while (!stop.IsCancellationRequested)
        {
            if (!await TryAsync(step))
                await Task.Delay(AttemptInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Random.Next(1000) < movesPerThousand)
                Session.MoveOn();
            await pace.WaitAsync(stop);
        }
    }

    /// <summary>Attaches if need be and takes a step; false when the connection was lost meanwhile.</summary>
    public async Task<bool> TryAsync(Func<Task> step)
    {
        Session.Follow(Random);
        try
        {
            if (!Session.IsConnected && !await ConnectAsync())
                return false;
            await step();
            return true;
        }
        catch (ConnectionLostException)
        {
            process = Recorder.NewProcess();
            Session.MoveOn();
            return false;
        }
    }

    public Operation Begin(OperationKind kind, string key) => new()
    {
        Process = process, Session = Session.Session, Node = Session.Node, Connection = Session.Connections,
        Kind = kind, Key = key, Invoked = Now,
    };

    /// <summary>Asks in one flight; a call whose answer is lost is recorded as unknown.</summary>
    public async Task<Reply[]> AskAsync(Operation call, params Func<int, byte[]>[] requests)
    {
        try
        {
            var replies = await Session.FlightAsync(requests);
            if (replies.Any(reply => reply.Error == Operation.SessionExpired))
                throw new ConnectionLostException("the session is being ended");
            if (call.IsOrderedGlobally)
                LastContact = call.Invoked;
            return replies;
        }
        catch (ConnectionLostException)
        {
            Recorder.Add(call);
            throw;
        }
    }

    /// <summary>The same behind a sync, so that what is read is the latest; gives the other replies.</summary>
    public async Task<Reply[]> AskLatestAsync(Operation call, params Func<int, byte[]>[] requests)
    {
        if (context.Plants(PlantedFaults.ReadsWithoutBarrier))
            return await AskAsync(call, requests);

        var replies = await AskAsync(call, [xid => Wire.SyncRequest(xid, context.Root), .. requests]);
        return replies[0].Error == 0
            ? replies[1..]
            : throw new ProtocolViolationException($"sync answered {replies[0].Error}");
    }

    /// <summary>sync and what else is asked, not recorded: a way to wait that keeps in contact.</summary>
    public async Task<Reply[]> PollAsync(params Func<int, byte[]>[] requests)
    {
        var asked = Now;
        var replies = await Session.FlightAsync([xid => Wire.SyncRequest(xid, context.Root), .. requests]);
        if (replies.Any(reply => reply.Error == Operation.SessionExpired))
            throw new ConnectionLostException("the session is being ended");
        LastContact = asked;
        return replies[1..];
    }

    /// <summary>The call as answered by a reply.</summary>
    public Operation Done(Operation call, Reply reply) =>
        call with { Completed = Now, Error = reply.Error, Zxid = reply.Zxid };

    public void Record(Operation operation) => Recorder.Add(operation);

    /// <summary>Ends the session and begins another one; false when nobody heard the answer.</summary>
    public async Task<bool> CloseAsync()
    {
        var call = Begin(OperationKind.CloseSession, key: "");
        try
        {
            var reply = await Session.CloseAsync();
            Record(Done(call, reply));
            return true;
        }
        catch (ConnectionLostException)
        {
            Record(call);
            return false;
        }
        finally
        {
            StartOver();
        }
    }

    /// <summary>
    /// Records that a session is left without a word, or was told to have expired. The tag is the last moment at which
    /// a node can have heard of it; the amount is what is left of its timeout at least, expected what may become of it.
    /// </summary>
    public void RecordLoss(int session, bool isTold)
    {
        var now = Now;
        var loss = Begin(OperationKind.LoseSession, key: "") with
        {
            Session = session, Invoked = LastContact, Amount = LeastTimeoutMs, Expected = MostTimeoutMs, Tag = now,
        };
        Record(isTold ? loss with { Completed = now, Error = Operation.SessionExpired } : loss);
    }

    /// <summary>Begins another session and leaves this one without a word.</summary>
    public void StartOver()
    {
        Session.Dispose();
        Session = context.NewPassingSession(sessionTimeoutMs);
        attached = Session.Session;
    }

    public void Dispose() => Session.Dispose();

    private async Task<bool> ConnectAsync()
    {
        var asked = Now;
        var connected = await Session.TryConnectAsync();
        if (Session.Session != attached)
        {
            if (sessionTimeoutMs > 0)
                context.CountExpired();
            OnExpired?.Invoke(attached);
            attached = Session.Session;
        }

        if (connected)
            LastContact = asked;
        else
            OnUnanswered?.Invoke();
        return connected;
    }
}

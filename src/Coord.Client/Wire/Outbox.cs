using System.Net.Sockets;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Requests on their way out: encoded as they are made into one buffer that the sender thread writes whole, in the
/// order made. A request that is alone is sent by the thread that made it: a wake-up less. One lock guards all of it;
/// nothing in it blocks but the sender's wait for work.
/// </summary>
/// <remarks>
/// Invariant: replies come in the order of <c>inFlight</c>. Invariant: the first <c>handedOver</c> of <c>inFlight</c>
/// may have reached a server, the rest have not. Invariant: <c>inFlight</c> is empty while no connection is open.
/// </remarks>
internal sealed class Outbox(int maxInFlight, ClientClock clock)
{
    // More than this waits as requests instead of as bytes: MaxInFlight bodies of a mebibyte would fill the memory.
    private const int BufferedBytesMax = 4 * 1024 * 1024;

    // Nobody else is kept from the processor for longer than a thread would take to be woken.
    private const int AloneBytesMax = 16 * 1024;

    private readonly object gate = new();
    private readonly RequestQueue inFlight = new();
    private readonly RequestQueue urgent = new();
    private readonly RequestQueue waiting = new();
    private SendBuffer front = new();
    private SendBuffer alone = new();
    private ServerFeatures features = ServerFeatures.None;
    private RequestEnd? refusal;
    private Endpoint server;
    private int handedOver;
    private int lastXid;
    private long epoch;
    private long lostEpoch;
    private int connection;
    private Transport? direct;
    private bool isOpen;
    private bool isSendingAlone;
    private int sendersWaiting;

    /// <summary>Requests sent and not answered yet.</summary>
    internal int InFlight
    {
        get
        {
            lock (gate)
                return inFlight.Count;
        }
    }

    private bool HasRoom => isOpen && inFlight.Count < maxInFlight && front.Length < BufferedBytesMax;

    internal void Submit(Request request)
    {
        if (request.HasEnded)
            return;
        RequestEnd? end = null;
        Transport? by = null;
        lock (gate)
        {
            if (refusal is { } refused)
                end = refused;
            else if (request.BoundEpoch != 0 && request.BoundEpoch <= lostEpoch)
                end = RequestEnd.SessionLostUnsent;
            else if (isOpen && !IsAnnounced(request))
                end = RequestEnd.NotAnnounced;
            else if (isOpen && request.IsUrgent)
                Encode(request);
            else if (request.IsUrgent)
                urgent.AddLast(request);
            else if (HasRoom && waiting.Count == 0)
                Encode(request);
            else
                waiting.AddLast(request);
            if (TryBeginAlone())
                by = direct;
            else
                WakeSender();
        }

        if (by is not null)
            SendAlone(by);
        if (end is { } reason)
            request.End(reason);
    }

    /// <summary>Appends a ping.</summary>
    /// <returns>False while no connection is open.</returns>
    internal bool Ping()
    {
        lock (gate)
        {
            if (!isOpen)
                return false;
            front.Append(ReplyXid.Ping, OpCode.Ping);
            WakeSender();
            return true;
        }
    }

    /// <summary>A connection stands for the session of <paramref name="sessionEpoch"/>: what waits goes out.</summary>
    /// <param name="sessionEpoch">Of the session.</param>
    /// <param name="serverFeatures">Of the server.</param>
    /// <param name="transport">The connection.</param>
    /// <returns>The connection's number, for its sender.</returns>
    internal int Open(long sessionEpoch, ServerFeatures serverFeatures, Transport transport)
    {
        List<Request> strange = [];
        lock (gate)
        {
            epoch = sessionEpoch;
            features = serverFeatures;
            server = transport.Endpoint;
            direct = transport.IsEncrypted ? null : transport;
            KeepOnly(waiting, strange, IsAnnounced);
            isOpen = refusal is null;
            connection++;
            while (urgent.Count > 0)
                Encode(urgent.RemoveFirst());
            Refill();
            WakeSender();
        }

        // What an earlier server has taken stays unknown: this one cannot be asked.
        EndAll(strange, RequestEnd.NotAnnounced, RequestEnd.ConnectionLost);
        return connection;
    }

    /// <summary>The sender's step: waits for frames and takes them all.</summary>
    /// <returns>False when the connection is no longer the open one.</returns>
    internal bool TakeBatch(int ofConnection, ref SendBuffer batch)
    {
        batch.Clear();
        lock (gate)
        {
            while (isOpen && connection == ofConnection && (front.Length == 0 || isSendingAlone))
            {
                // A count: the sender of the last connection may wake behind the one of this, and take nothing from it.
                sendersWaiting++;
                Monitor.Wait(gate);
                sendersWaiting--;
            }

            if (!isOpen || connection != ofConnection)
                return false;
            (front, batch) = (batch, front);
            HandOver();
            Refill();
            return true;
        }
    }

    /// <summary>
    /// The receiver's step: takes the oldest requests, which <paramref name="answered"/>.Length replies answer.
    /// </summary>
    /// <returns>False when there are more replies than requests sent: the server speaks out of turn.</returns>
    internal bool TakeAnswered(Span<Request> answered)
    {
        lock (gate)
        {
            if (answered.Length > handedOver)
                return false;
            for (var i = 0; i < answered.Length; i++)
                answered[i] = inFlight.RemoveFirst();
            handedOver -= answered.Length;
            Refill();
            WakeSender();
            return true;
        }
    }

    /// <summary>
    /// The connection broke. Reads and what was not sent wait for the next one; a write that was sent ends as unknown.
    /// </summary>
    internal void Close()
    {
        List<Request> unknown = [];
        lock (gate)
        {
            isOpen = false;
            front.Clear();
            while (inFlight.Count > 0)
            {
                var isSent = inFlight.Count <= handedOver;
                var request = inFlight.RemoveLast();
                request.Attempts?.Lose(isSent);
                if (request.HasEnded)
                    continue;
                if (isSent && !request.IsRepeatable)
                {
                    unknown.Add(request);
                    continue;
                }

                request.WasSentBefore |= isSent;
                request.WasSent = request.WasSentBefore;
                if (request.IsUrgent)
                    urgent.AddFirst(request);
                else
                    waiting.AddFirst(request);
            }

            handedOver = 0;
            Monitor.PulseAll(gate);
        }

        unknown.Reverse();
        EndAll(unknown, RequestEnd.ConnectionLost, RequestEnd.ConnectionLost);
    }

    /// <summary>
    /// The session is over: reads wait for the next one, writes and what is bound to the session end.
    /// </summary>
    internal void LoseSession(long ended)
    {
        List<Request> dropped = [];
        lock (gate)
        {
            lostEpoch = ended;
            KeepOnly(urgent, dropped, request => request.OutlivesSession && request.BoundEpoch == 0);
            KeepOnly(waiting, dropped, request => request.OutlivesSession && request.BoundEpoch == 0);
        }

        EndAll(dropped, RequestEnd.SessionLostUnsent, RequestEnd.SessionLost);
    }

    /// <summary>Ends everything, now and from now on.</summary>
    internal void Refuse(RequestEnd unsent, RequestEnd sent)
    {
        List<Request> ended = [];
        lock (gate)
        {
            refusal = unsent;
            isOpen = false;
            while (inFlight.Count > 0)
                ended.Add(inFlight.RemoveFirst());
            KeepOnly(urgent, ended, _ => false);
            KeepOnly(waiting, ended, _ => false);
            handedOver = 0;
            Monitor.PulseAll(gate);
        }

        EndAll(ended, unsent, sent);
    }

    /// <summary>Takes requests again after they were refused for this reason; any other refusal stands.</summary>
    internal void Admit(RequestEnd refused)
    {
        lock (gate)
        {
            if (refusal == refused)
                refusal = null;
        }
    }

    /// <summary>Ends what is past its time. What was sent keeps its place, since its reply may still come.</summary>
    internal void Expire(long nowTicks)
    {
        List<Request> ended = [];
        lock (gate)
        {
            for (var i = 0; i < inFlight.Count; i++)
            {
                if (inFlight[i].EndsAt <= nowTicks && !inFlight[i].HasEnded)
                    ended.Add(inFlight[i]);
            }

            KeepOnly(urgent, ended, request => request.EndsAt > nowTicks);
            KeepOnly(waiting, ended, request => request.EndsAt > nowTicks);
        }

        EndAll(ended, RequestEnd.TimedOutUnsent, RequestEnd.TimedOut);
    }

    private static void EndAll(List<Request> requests, RequestEnd unsent, RequestEnd sent)
    {
        foreach (var request in requests)
            request.EndBy(unsent, sent);
    }

    private static void KeepOnly(RequestQueue queue, List<Request> removed, Func<Request, bool> keep)
    {
        for (var left = queue.Count; left > 0; left--)
        {
            var request = queue.RemoveFirst();
            if (request.HasEnded)
                continue;
            if (keep(request))
                queue.AddLast(request);
            else
                removed.Add(request);
        }
    }

    private void HandOver()
    {
        var now = clock.Now;
        for (var i = handedOver; i < inFlight.Count; i++)
            inFlight[i].SentAt = now;
        handedOver = inFlight.Count;
    }

    /// <summary>
    /// Whether the caller is to send what it has just made: nobody else sends, and nothing is on its way that a batch
    /// could gather behind.
    /// </summary>
    private bool TryBeginAlone()
    {
        if (direct is null || !isOpen || isSendingAlone || sendersWaiting == 0 || inFlight.Count != 1
            || handedOver != 0 || front.Length > AloneBytesMax)
            return false;
        isSendingAlone = true;
        (front, alone) = (alone, front);
        HandOver();
        return true;
    }

    /// <summary>Sends what is alone; what the socket does not take at once is the sender's.</summary>
    private void SendAlone(Transport transport)
    {
        var sent = 0;
        try
        {
            sent = transport.SendAtOnce(alone.Written);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The receiving side notices the same and reports it.
            transport.Abort();
        }

        lock (gate)
        {
            isSendingAlone = false;
            if (isOpen && direct == transport && sent < alone.Length)
            {
                alone.Continue(sent, front);
                (front, alone) = (alone, front);
            }

            alone.Clear();
            WakeSender();
        }
    }

    private bool IsAnnounced(Request request) => request.IsKnownTo(features);

    private void Encode(Request request)
    {
        lastXid = lastXid == int.MaxValue ? 1 : lastXid + 1;
        request.Xid = lastXid;
        request.SentEpoch = epoch;
        request.TimesSentAgain += request.WasSentBefore ? 1 : 0;
        request.Attempts?.Begin(server);
        // From here on its bytes go out whatever becomes of the caller; only Close can take this back.
        request.WasSent = true;
        front.Append(request);
        inFlight.AddLast(request);
    }

    private void Refill()
    {
        while (waiting.Count > 0 && HasRoom)
        {
            var request = waiting.RemoveFirst();
            if (!request.HasEnded)
                Encode(request);
        }
    }

    private void WakeSender()
    {
        if (sendersWaiting > 0 && front.Length > 0 && !isSendingAlone)
            Monitor.PulseAll(gate);
    }
}

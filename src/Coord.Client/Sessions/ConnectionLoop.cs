using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Coord.Protocol;
using Microsoft.Extensions.Logging;

namespace Coord.Client;

/// <summary>
/// The one dedicated thread of a client that connects, makes or takes up the session, and reads replies until the
/// connection breaks; then again. A second thread per connection writes. Neither runs user code.
/// </summary>
internal sealed class ConnectionLoop
{
    private const int StackBytes = 256 * 1024;

    // Long enough that a wrong secret is no load on the cluster, short enough that a rotated one is soon taken up.
    private static readonly TimeSpan RestAfterRefusal = TimeSpan.FromSeconds(30);

    private readonly CoordClientOptions options;
    private readonly ClientClock clock;
    private readonly Outbox outbox;
    private readonly SessionKeeper keeper;
    private readonly WatchRegistry watches;
    private readonly EndpointList endpoints;
    private readonly EndpointFeed feed;
    private readonly CredentialSource credentials;
    private readonly Backoff backoff;
    private readonly ILogger logger;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AttemptReport report = new();
    private Request[] answered = new Request[256];
    private Transport? open;
    private Moment? refusedSince;
    private bool mayBeReset;
    private volatile bool isStopped;
    private volatile bool isFinishing;
    private bool hasAnswered;
    private bool hasWarned;
    private int started;

    internal ConnectionLoop(
        CoordClientOptions options,
        EndpointList endpoints,
        EndpointFeed feed,
        CredentialSource credentials,
        ClientClock clock,
        Outbox outbox,
        SessionKeeper keeper,
        WatchRegistry watches,
        ILogger logger)
    {
        this.options = options;
        this.endpoints = endpoints;
        this.feed = feed;
        this.credentials = credentials;
        this.clock = clock;
        this.outbox = outbox;
        this.keeper = keeper;
        this.watches = watches;
        this.logger = logger;
        backoff = new Backoff(options.Retry, clock.Provider, endpoints);
    }

    /// <summary>The open connection's contact, or null while there is none.</summary>
    internal Contact? Contact { get; private set; }

    /// <summary>The last failed attempts, for exceptions.</summary>
    internal string LastAttempts => report.ToString();

    /// <summary>Ends when the thread has.</summary>
    internal Task Ended => Volatile.Read(ref started) == 0 ? Task.CompletedTask : ended.Task;

    internal void Start()
    {
        if (Volatile.Read(ref started) == 1 || Interlocked.Exchange(ref started, 1) == 1)
            return;
        keeper.Change(SessionState.Connecting, "the first call was made");
        new Thread(Run, StackBytes) { Name = "coord-connection", IsBackground = true }.Start();
    }

    internal void Abort() => Volatile.Read(ref open)?.Abort();

    internal void Ping()
    {
        if (Contact is { } contact && contact.TryBeginPing(clock.Now) && !outbox.Ping())
            contact.EndPing();
    }

    /// <summary>Makes no further connection after the present one.</summary>
    internal void Finish()
    {
        isFinishing = true;
        backoff.Wake();
    }

    internal void Stop()
    {
        isStopped = true;
        backoff.Wake();
        Abort();
    }

    private void Run()
    {
        while (!isStopped && !isFinishing)
        {
            if (keeper.State == SessionState.AuthFailed && !TryOtherCredentials())
                break;
            hasAnswered = false;
            // A server that accepts the session and answers nothing is no reason to hurry back.
            if (TryOneEndpoint() && hasAnswered)
                backoff.Reset();
            else
                backoff.Pause();
        }

        ended.TrySetResult();
    }

    /// <returns>False when there is nothing left to try.</returns>
    private bool TryOtherCredentials()
    {
        if (!credentials.CanChange)
            return false;
        backoff.Wait(RestAfterRefusal);
        outbox.Admit(RequestEnd.AuthFailed);
        keeper.TryAgain();
        return !isStopped;
    }

    /// <returns>Whether a session stood on it.</returns>
    private bool TryOneEndpoint()
    {
        var endpoint = endpoints.Next();
        try
        {
            foreach (var address in EndpointList.Resolve(endpoint))
            {
                if (TryOneAddress(endpoint, address))
                    return true;
            }
        }
        catch (SocketException e)
        {
            Report(endpoint, e.SocketErrorCode.ToString());
        }

        return false;
    }

    private bool TryOneAddress(Endpoint endpoint, IPAddress address)
    {
        var stood = false;
        try
        {
            var auth = credentials.Ask(options.ConnectTimeout);
            using var transport = Transport.Connect(endpoint, address, options.ConnectTimeout, () => isStopped);
            Volatile.Write(ref open, transport);
            if (options.Tls is not null)
                transport.Encrypt(AskForTls(options.Tls));
            else if (auth.Count > 0)
                WarnOfSecretsInClear(endpoint, address);
            stood = ServeIfAccepted(transport, new IPEndPoint(address, endpoint.Port), auth);
        }
        catch (Exception e) when (e is SocketException or ProtocolViolationException or AttemptFailedException
            or ObjectDisposedException)
        {
            Report(endpoint, e is SocketException s ? s.SocketErrorCode.ToString() : e.Message);
        }
        finally
        {
            Volatile.Write(ref open, null);
            EndConnection(stood);
        }

        return stood;
    }

    private static SslClientAuthenticationOptions AskForTls(Func<SslClientAuthenticationOptions> tls)
    {
        try
        {
            return tls() ?? throw new AttemptFailedException("Tls returned null");
        }
        catch (Exception e) when (e is not AttemptFailedException)
        {
            // The program's own code: whatever it throws, the next attempt asks again.
            throw new AttemptFailedException($"Tls threw {e.GetType().Name}: {e.Message}", e);
        }
    }

    private bool ServeIfAccepted(Transport transport, IPEndPoint address, IReadOnlyList<AuthCredential> auth)
    {
        var frames = new FrameBuffer(options.MaxReplyBytes);
        var offered = keeper.Session;
        var request = Offer(offered, auth);
        var result = new Handshake(transport, frames, clock, watches).Run(request);
        switch (result.Verdict)
        {
            case HandshakeVerdict.Refused:
                OnRefused(transport.Endpoint);
                return false;
            case HandshakeVerdict.Expired:
                keeper.Lose(offered, "the cluster says that the session expired");
                return false;
            case HandshakeVerdict.AuthFailed:
                keeper.Lose(offered, "the server refused our credentials");
                keeper.Change(SessionState.AuthFailed, "the server refused our credentials");
                outbox.Refuse(RequestEnd.AuthFailed, RequestEnd.AuthFailed);
                return false;
        }

        refusedSince = null;
        var isAfterReset = mayBeReset && result.Zxid < keeper.LastZxid;
        mayBeReset = false;
        transport.EndAttempt();
        if (!keeper.Accept(result with { IsAfterReset = isAfterReset }, offered))
            return false;
        watches.Subtrees.OnAccepted();
        report.Clear();
        endpoints.Connected();
        feed.OnConnected(address, result.Features);
        Serve(transport, frames);
        return true;
    }

    private HandshakeRequest Offer(CoordSession session, IReadOnlyList<AuthCredential> auth)
    {
        var isOver = session.Epoch == 0 || session.IsLost;
        var offer = new HandshakeRequest(
            isOver ? 0 : session.Id.Value,
            session.Password,
            options.SessionTimeout,
            mayBeReset ? 0 : keeper.LastZxid,
            options.AllowReadOnly,
            auth,
            isOver ? [] : watches.OnReattach());

        // Held back until this server says what it can, which takes a round more: worth it only where it is likely.
        if (!isOver && keeper.Features.Has(SubtreeWatches.PastFeature))
            return offer with { Past = watches.Subtrees.OnReattach(keeper.LastZxid) };
        offer.Watches.AddRange(watches.Subtrees.OnHandshake().Select(static path => (WatchTable.Recursive, path)));
        return offer;
    }

    private void OnRefused(Endpoint endpoint)
    {
        Report(endpoint, "closed during the handshake: it has no quorum or is behind what this client has seen");
        refusedSince ??= clock.Now;
        var session = keeper.Session;
        // It has no quorum, or it is behind us: servers say neither. Who asks for nothing that was seen before is let
        // in by both in the end, and then the server's own zxid tells which it was.
        mayBeReset |= session.Epoch > 0 && session.IsLost
            && clock.Now.Since(refusedSince.Value) > session.NegotiatedTimeout;
    }

    private void Serve(Transport transport, FrameBuffer frames)
    {
        Contact = new Contact(clock.Now);
        var number = outbox.Open(keeper.Session.Epoch, keeper.Features, transport);
        new Thread(() => SendAll(transport, number), StackBytes) { Name = "coord-sender", IsBackground = true }.Start();
        // Abort may have come between the handshake and here, when Contact did not exist yet.
        while (!isStopped && !keeper.Session.IsLost && frames.Fill(transport))
        {
            Contact.LastReceived = clock.Now;
            do
                Dispatch(frames);
            while (frames.SkipRest());
        }
    }

    private void SendAll(Transport transport, int number)
    {
        var batch = new SendBuffer();
        try
        {
            while (outbox.TakeBatch(number, ref batch))
                transport.Send(batch.Written);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The receiving side notices the same and reports it.
            transport.Abort();
        }
    }

    private void EndConnection(bool stood)
    {
        Contact = null;
        outbox.Close();
        if (!stood)
            return;
        if (keeper.Session.IsLost)
            keeper.Change(SessionState.Connecting, "a new session is needed");
        else if (!isStopped && !isFinishing)
            keeper.Change(SessionState.Suspended, "the connection broke");
    }

    private void Dispatch(FrameBuffer frames)
    {
        var count = frames.CountAnswers();
        if (answered.Length < count)
            answered = new Request[count * 2];
        if (!outbox.TakeAnswered(answered.AsSpan(0, count)))
            throw new ProtocolViolationException("more replies than requests");
        var next = 0;
        try
        {
            while (frames.TryNext(out var payload, out var isTooLarge))
                next = TakeFrame(payload, isTooLarge, next);
        }
        finally
        {
            // Only a broken protocol leaves some: they are off the queue and nobody else would end them.
            for (; next < count; next++)
                answered[next].EndBy(RequestEnd.ConnectionLost, RequestEnd.ConnectionLost);
        }

        hasAnswered |= count > 0;
        ReportProofs(answered.AsSpan(0, count));
    }

    /// <returns>The index of the next request to be answered.</returns>
    private int TakeFrame(ReadOnlySpan<byte> payload, bool isTooLarge, int next)
    {
        var reader = new JuteReader(payload);
        if (!ReplyHeader.TryRead(ref reader, out var header))
            throw new ProtocolViolationException("a reply header that cannot be read");
        switch (header.Xid)
        {
            case ReplyXid.Event:
                EventReader.Dispatch(ref reader, header.Zxid.Value, watches);
                return next;
            case ReplyXid.Ping:
                if (Contact!.EndPing() is { } sentAt)
                    keeper.OnReply(sentAt, ReplyKind.Ping);
                return next;
            default:
                Answer(answered[next], header, payload[reader.Position..], isTooLarge);
                return next + 1;
        }
    }

    private void ReportProofs(Span<Request> done)
    {
        // Replies come in order, so the last of a kind was sent last: one proof a batch is enough.
        Request? read = null;
        Request? proof = null;
        foreach (var request in done)
        {
            read = request.Kind == ReplyKind.Read ? request : read;
            proof = request.Kind == ReplyKind.Read ? proof : request;
        }

        if (proof is not null)
            keeper.OnReply(proof.SentAt, proof.Kind);
        if (read is not null)
            keeper.OnReply(read.SentAt, read.Kind);
        done.Clear();
    }

    private void Answer(Request request, ReplyHeader header, ReadOnlySpan<byte> body, bool isTooLarge)
    {
        if (header.Xid != request.Xid)
        {
            request.EndBy(RequestEnd.ConnectionLost, RequestEnd.ConnectionLost);
            throw new ProtocolViolationException($"reply {header.Xid} where {request.Xid} was due");
        }

        keeper.Saw(header.Zxid.Value);
        if (isTooLarge)
            request.End(RequestEnd.ReplyTooLarge);
        else
            request.OnReply(header.Zxid.Value, header.Err, body);
    }

    private void WarnOfSecretsInClear(Endpoint endpoint, IPAddress address)
    {
        if (hasWarned || IPAddress.IsLoopback(address))
            return;
        hasWarned = true;
        SessionLog.SecretsInClear(logger, endpoint);
    }

    private void Report(Endpoint endpoint, string error)
    {
        report.Add(endpoint, error);
        SessionLog.AttemptFailed(logger, endpoint, error);
    }
}

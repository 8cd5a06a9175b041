using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Coord.Node.Clients;
using Coord.Protocol;

namespace Coord.Client.Testing;

/// <summary>
/// One connection of a client to a node. A thread of its own reads it, so a starved pool does not stop it; the rest
/// runs under the cluster's lock.
/// </summary>
internal sealed class TestConnection : IClientTransport
{
    private const int FrameBytesMax = 64 * 1024 * 1024;
    private const int SendTimeoutMs = 10_000;

    // Of a ConnectResponse, its length in front: version, timeout, id, password.
    private const int TimeoutAt = 2 * sizeof(int);
    private const int SessionAt = 3 * sizeof(int);
    private const int PasswordAt = SessionAt + sizeof(long) + sizeof(int);
    private const int PasswordBytes = 16;

    private readonly Socket socket;
    private readonly Entrance entrance;
    private readonly InProcessCluster cluster;
    private readonly long life;
    private readonly ArrayBufferWriter<byte> output = new();
    private readonly ArrayBufferWriter<byte> sending = new();
    private readonly Queue<Owed> owed = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClientSession? session;
    private TaskCompletionSource? delay;
    private bool isAccepted;
    private bool isCut;
    private bool isHeldBack;

    private TestConnection(Socket socket, Entrance entrance, InProcessNode node, InProcessCluster cluster)
    {
        (this.socket, this.entrance, this.cluster) = (socket, entrance, cluster);
        Node = node;
        life = node.Life;
        RemoteAddress = socket.RemoteEndPoint?.ToString() ?? "unknown";
        socket.NoDelay = true;
        socket.SendTimeout = SendTimeoutMs;
    }

    public InProcessNode Node { get; }

    public string RemoteAddress { get; }

    public IBufferWriter<byte> Output => output;

    /// <summary>Something was lost on it without a word, and so is all that follows.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>A session lives on it, and requests are answered.</summary>
    public bool IsLive => isAccepted && !isCut && !IsSilent;

    /// <summary>The client has closed its side.</summary>
    public bool IsLeft
    {
        get
        {
            try
            {
                return socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                return true;
            }
        }
    }

    /// <summary>Bytes have come that its thread has not read.</summary>
    public bool HasUntaken
    {
        get
        {
            try
            {
                return socket.Available > 0;
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    public Task Ended => ended.Task;

    public static void Start(Socket socket, Entrance entrance, InProcessNode node, InProcessCluster cluster)
    {
        var connection = new TestConnection(socket, entrance, node, cluster);
        entrance.Add(connection);
        new Thread(connection.Run) { IsBackground = true, Name = "coord-test-connection" }.Start();
    }

    public void Cut()
    {
        if (isCut)
            return;
        isCut = true;
        delay?.TrySetResult();
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The client was faster.
        }
    }

    public bool Flush()
    {
        IsSilent |= entrance.IsSilent;
        for (var left = output.WrittenSpan; !left.IsEmpty && !isCut && !IsSilent;)
        {
            var length = sizeof(int) + BinaryPrimitives.ReadInt32BigEndian(left);
            Pass(left[..length]);
            left = left[length..];
        }

        output.ResetWrittenCount();
        Send();
        return true;
    }

    public void GiveBack(int requests, long bytes)
    {
        // A test cluster does not hold its clients back.
    }

    public void Close() => Cut();

    private void Run()
    {
        try
        {
            while (ReadFrame() is { } frame)
                Take(frame);
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The client went away, or a fault cut it off.
        }

        cluster.Do(End);
        socket.Dispose();
        ended.SetResult();
    }

    private void End()
    {
        entrance.Remove(this);
        isCut = true;
        if (session is not null && !isHeldBack)
            Post(new ClientGone(session));
    }

    private void Take(byte[] frame)
    {
        if (session is null)
        {
            cluster.Do(() => Connect(frame));
            return;
        }

        var request = RequestLook.Of(frame);
        var fault = cluster.Do(() => Meet(frame, request));
        if (fault is { Kind: FaultKind.Delay } && !ArrivesLate(frame, request, fault))
            fault.OnMiss();
        else
            fault?.OnHit();
    }

    /// <returns>The fault that the request runs into, with its delay still to pass; null: none.</returns>
    private Fault? Meet(byte[] frame, RequestLook request)
    {
        // First: what is lost on the way never gets as far as a fault, which goes on waiting for its request.
        if (LosesAll())
            return null;
        var fault = entrance.Faults.Take(entrance, request);
        if (fault is not { Kind: FaultKind.Delay })
            Carry(frame, request, fault);
        return fault;
    }

    /// <returns>False: it was lost with its connection meanwhile.</returns>
    private bool ArrivesLate(byte[] frame, RequestLook request, Fault fault)
    {
        Wait(fault.By);
        return cluster.Do(() =>
        {
            if (LosesAll())
                return false;
            Carry(frame, request, fault);
            return true;
        });
    }

    // What comes behind waits too: a connection keeps its order.
    private void Wait(TimeSpan by)
    {
        var passed = new TaskCompletionSource();
        using var timer = cluster.Time.CreateTimer(_ => passed.TrySetResult(), null, by, Timeout.InfiniteTimeSpan);
        cluster.Do(() =>
        {
            delay = passed;
            if (isCut)
                passed.TrySetResult();
        });
        passed.Task.Wait();
    }

    private bool LosesAll()
    {
        IsSilent |= entrance.IsSilent;
        return isCut || IsSilent;
    }

    private void Connect(byte[] frame)
    {
        if (LosesAll())
            return;
        var payload = new ReadOnlySequence<byte>(frame.AsMemory(sizeof(int)));
        if (!ConnectHandshake.TryRead(payload, out var handshake))
        {
            Cut();
            return;
        }

        session = new ClientSession(this) { Identities = SessionIdentities.Of(IPAddress.Loopback) };
        Post(new ClientConnecting(session, handshake));
    }

    private void Carry(byte[] frame, RequestLook request, Fault? fault)
    {
        entrance.Faults.Count(entrance, request.Kind);
        switch (fault?.Kind)
        {
            case FaultKind.DropRequest:
                Cut();
                return;
            case FaultKind.HoldBack:
                isHeldBack = true;
                fault.Hold(() => cluster.Do(() => DeliverLate(frame)));
                Cut();
                return;
            case FaultKind.SwallowReply:
                IsSilent = true;
                break;
        }

        var refusal = RefusalOf(request, fault);
        owed.Enqueue(new Owed(request.Xid, IsDropped: fault?.Kind == FaultKind.DropReply, refusal));
        if (refusal is null)
        {
            Post(new ClientFrames(session!, frame, 1));
            return;
        }

        AnswerRefused();
        Send();
    }

    private ErrorCode? RefusalOf(RequestLook request, Fault? fault)
    {
        if (fault is { Kind: FaultKind.Refuse })
            return fault.Error;
        return entrance.AsZooKeeper && request.Path == "/zookeeper/coord/features" ? ErrorCode.NoNode : null;
    }

    // As from the old connection: the node has not heard yet that it ended.
    private void DeliverLate(byte[] frame)
    {
        Post(new ClientFrames(session!, frame, 1));
        Post(new ClientGone(session!));
    }

    private void Post(Coord.Node.Replica.ReplicaInput input)
    {
        if (Node.Life == life)
            Node.Post(input);
    }

    private void Pass(ReadOnlySpan<byte> frame)
    {
        if (!isAccepted)
        {
            NoteSession(frame);
        }
        else if (owed.TryPeek(out var next) && next.Xid == BinaryPrimitives.ReadInt32BigEndian(frame[sizeof(int)..]))
        {
            owed.Dequeue();
            if (next.IsDropped)
            {
                Send();
                Cut();
                return;
            }
        }

        sending.Write(frame);
        AnswerRefused();
    }

    private void NoteSession(ReadOnlySpan<byte> response)
    {
        isAccepted = BinaryPrimitives.ReadInt32BigEndian(response[TimeoutAt..]) > 0;
        var id = BinaryPrimitives.ReadInt64BigEndian(response[SessionAt..]);
        if (isAccepted)
            entrance.Session = (id, response.Slice(PasswordAt, PasswordBytes).ToArray());
    }

    // In its turn: replies come in the order of the requests.
    private void AnswerRefused()
    {
        while (!IsSilent && owed.TryPeek(out var next) && next.Refusal is { } error)
        {
            owed.Dequeue();
            if (next.IsDropped)
            {
                Send();
                Cut();
                return;
            }

            FrameWriter.WriteReply(sending, next.Xid, Node.Replica?.Tree.AppliedIndex ?? 0, error);
        }
    }

    private void Send()
    {
        try
        {
            for (var left = sending.WrittenSpan; !left.IsEmpty;)
                left = left[socket.Send(left)..];
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            Cut();
        }

        sending.ResetWrittenCount();
    }

    /// <returns>A frame with its length in front; null when there are no more.</returns>
    private byte[]? ReadFrame()
    {
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        if (!ReadAll(prefix))
            return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length is < 2 * sizeof(int) or > FrameBytesMax)
            return null;
        var frame = new byte[sizeof(int) + length];
        prefix.CopyTo(frame);
        return ReadAll(frame.AsSpan(sizeof(int))) ? frame : null;
    }

    private bool ReadAll(Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            var count = socket.Receive(into);
            if (count == 0)
                return false;
            into = into[count..];
        }

        return true;
    }
}

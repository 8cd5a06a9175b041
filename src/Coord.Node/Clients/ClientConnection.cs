using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Sockets;
using Coord.Node.Admin;
using Coord.Node.Admin.Words;
using Coord.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Coord.Node.Clients;

/// <summary>
/// The socket side of one client connection, from accept to close: cuts frames and hands them to the replica loop,
/// all frames of one read as one array. Never looks into a request; the replica's turn may run on the thread that
/// brought them (decision record 18).
/// </summary>
internal sealed class ClientConnection : IClientTransport
{
    private readonly ConnectionContext connection;
    private readonly IDuplexPipe transport;
    private readonly ClientPort port;
    private readonly byte[] identities;
    private readonly RequestBudget budget;
    private readonly TaskCompletionSource forgotten = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ClientSession? session;
    private volatile bool isClosing;
    private long flushedBytes;
    private long incompleteBytes;
    private long cutBytes;

    /// <param name="connection">The connection, for its end and its address.</param>
    /// <param name="transport">Its plain bytes.</param>
    /// <param name="port">What all connections share.</param>
    /// <param name="identities">Who it is known to be before it has said anything.</param>
    public ClientConnection(
        ConnectionContext connection, IDuplexPipe transport, ClientPort port, byte[] identities)
    {
        (this.connection, this.transport, this.port, this.identities) = (connection, transport, port, identities);
        budget = new RequestBudget(
            port.Limits.ClientOutstandingRequestsMax, port.Limits.ClientOutstandingBytesMax, port.RequestBytes);
        RemoteAddress = connection.RemoteEndPoint?.ToString() ?? "unknown";
    }

    public string RemoteAddress { get; }

    /// <summary>A client has begun its handshake.</summary>
    public bool HasSession => session is not null;

    public IBufferWriter<byte> Output => transport.Output;

    /// <summary>For <c>stat</c> and <c>cons</c>: the figures are the loop's, read without waiting for it.</summary>
    public ConnectionStatus StatusFor(object? asking)
    {
        var connected = session is { } present
            ? new ConnectedSession(present.Id, present.TimeoutMs, present.Counters.Read())
            : null;
        return new(RemoteAddress, ReferenceEquals(this, asking), session?.Queue.Count ?? 0, connected)
        {
            IsSecure = transport is TlsTransport,
        };
    }

    public void ResetCounters() => session?.Counters.Reset();

    /// <summary>
    /// Bytes that wait for the client: that it reads them, or sends the rest of the request that they begin.
    /// </summary>
    public long WaitingBytes =>
        Volatile.Read(ref cutBytes) is > 0 and var cut ? cut : UnreadBytes + Volatile.Read(ref incompleteBytes);

    // Replies and events that the client does not have yet: they are in this node's memory, or in the kernel's.
    private long UnreadBytes
    {
        get
        {
            var flushed = Volatile.Read(ref flushedBytes);
            if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket
                || !TcpAcknowledgements.TryRead(socket, out var acknowledged))
                return 0;
            return transport is TlsTransport tls
                ? Math.Max(0, flushed - tls.TakenBytes) + Math.Max(0, tls.EncryptedBytes - acknowledged)
                : Math.Max(0, flushed - acknowledged);
        }
    }

    /// <summary>It is its client's turn, and others need the memory. What it was sent is dropped.</summary>
    public void Cut(long waitingBytes)
    {
        if (Interlocked.CompareExchange(ref cutBytes, waitingBytes, 0) == 0)
            connection.Abort(new ConnectionAbortedException("The client keeps memory waiting that is short."));
    }

    /// <summary>It was cut already.</summary>
    public bool IsCut => Volatile.Read(ref cutBytes) > 0;

    /// <summary>Ends the connection from any thread: its session lives on, and its client goes elsewhere.</summary>
    public void End()
    {
        isClosing = true;
        transport.Input.CancelPendingRead();
    }

    /// <summary>Reads until either side ends the connection; errors of the socket are ends like any other.</summary>
    /// <returns>Whether a client had begun its handshake.</returns>
    public async Task<bool> RunAsync()
    {
        port.Opened(this);
        try
        {
            session = await ReceiveHandshakeAsync();
            if (session is { } connected)
                await ReceiveRequestsAsync(connected);
        }
        catch (Exception end) when (IsEnd(end))
        {
            // The peer vanished: the session lives on until its timeout, or is taken up on another connection.
        }
        finally
        {
            // The loop may still be writing to the output; it is released only when the loop has forgotten us.
            if (session is { } left)
            {
                port.Inbox.Post(new ClientGone(left));
                await forgotten.Task;
            }

            port.Left(this);
        }

        return HasSession;
    }

    /// <summary>Whether an exception says no more than that a connection ended.</summary>
    public static bool IsEnd(Exception exception) =>
        exception is ConnectionResetException or ConnectionAbortedException or IOException;

    public bool Flush()
    {
        // The pipe's threshold is the outbound limit: a flush that does not complete at once has reached it.
        ValueTask<FlushResult> flush;
        try
        {
            Volatile.Write(ref flushedBytes, flushedBytes + transport.Output.UnflushedBytes);
            flush = transport.Output.FlushAsync();
        }
        catch (Exception end) when (end is SocketException || IsEnd(end))
        {
            return false; // Its socket failed while it sent; the reader of the connection finds out too.
        }

        if (flush.IsCompletedSuccessfully)
            return true;
        _ = flush.AsTask();

        // An orderly end would wait for the client to read what it does not read.
        connection.Abort(new ConnectionAbortedException("The client does not read: its outbound limit is reached."));
        return false;
    }

    public void GiveBack(int requests, long bytes) => budget.GiveBack(requests, bytes);

    public void Close()
    {
        isClosing = true;
        forgotten.TrySetResult();
        budget.Close();

        // The reader goes on where it is cancelled, and takes the connection down: no work for the replica loop.
        ThreadPool.UnsafeQueueUserWorkItem(input => input.CancelPendingRead(), transport.Input, preferLocal: false);
    }

    /// <summary>Takes the first bytes: a four-letter word, or the handshake within its time.</summary>
    private async Task<ClientSession?> ReceiveHandshakeAsync()
    {
        using var patience = new CancellationTokenSource(port.Limits.ClientHandshakeTimeout);
        try
        {
            while (true)
            {
                var read = await transport.Input.ReadAsync(patience.Token);
                if (read.IsCanceled || (read.IsCompleted && read.Buffer.Length < 4))
                    return null;
                if (read.Buffer.Length >= 4)
                {
                    var word = FirstFour(read.Buffer);
                    if (FourLetterWords.IsWord(word))
                        return await AnswerWordAsync(word, read.Buffer.End, patience.Token);
                }

                if (!TryTakeHandshake(read.Buffer, out var handshake, out var consumed, out var isHostile))
                {
                    if (isHostile)
                        port.FrameRefused(RemoteAddress);
                    if (isHostile || read.IsCompleted)
                        return null;
                    Volatile.Write(ref incompleteBytes, read.Buffer.Length);
                    transport.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    continue;
                }

                if (!port.TakesSessions)
                    return null;
                Volatile.Write(ref incompleteBytes, 0);
                var begun = new ClientSession(this) { Identities = identities };
                transport.Input.AdvanceTo(consumed);
                port.Inbox.Post(new ClientConnecting(begun, handshake));
                return begun;
            }
        }
        catch (OperationCanceledException)
        {
            port.HandshakeTimedOut(RemoteAddress);
            return null;
        }
    }

    private static uint FirstFour(ReadOnlySequence<byte> buffer)
    {
        Span<byte> first = stackalloc byte[4];
        buffer.Slice(0, 4).CopyTo(first);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(first);
    }

    // One write: kazoo reads what comes with one call (zookeeper-protocol 10.1).
    private async Task<ClientSession?> AnswerWordAsync(uint word, SequencePosition end, CancellationToken patience)
    {
        transport.Input.AdvanceTo(end);
        await Task.Yield(); // Long lists are made here: the thread that hears of sockets is not to wait for them.
        if (port.Words is { } words)
            await transport.Output.WriteAsync(await words.AnswerAsync(word, this, patience), patience);
        return null;
    }

    private bool TryTakeHandshake(
        ReadOnlySequence<byte> buffer, out ConnectHandshake handshake, out SequencePosition consumed,
        out bool isHostile)
    {
        handshake = default;
        consumed = buffer.Start;
        isHostile = false;
        var status = FrameReader.TryRead(buffer, port.Limits.ClientFrameBytesMax, out var length);
        if (status == FrameStatus.Incomplete)
            return false;

        // Protocol 1.1: a first frame that is empty, negative or over the limit ends the connection unanswered.
        isHostile = status != FrameStatus.Complete || !ConnectHandshake.TryRead(buffer.Slice(4, length), out handshake);
        if (isHostile)
            return false;
        consumed = buffer.GetPosition(4 + length);
        return true;
    }

    private async Task ReceiveRequestsAsync(ClientSession connected)
    {
        var pace = new ReadPace(Stopwatch.GetTimestamp());
        while (!isClosing)
        {
            // Who sends without end moves to the pool with his next reads: others are heard of by the same thread.
            if (pace.IsOver)
            {
                await Task.Yield();
                pace = new ReadPace(Stopwatch.GetTimestamp());
            }

            var read = await transport.Input.ReadAsync();
            if (read.IsCanceled || isClosing)
                return;
            var frames = CutFrames(read.Buffer, out var count, out var consumed, out var isHostile);
            Volatile.Write(ref incompleteBytes, read.Buffer.Length - frames.Length);
            transport.Input.AdvanceTo(consumed, read.Buffer.End);
            if (count > 0)
            {
                budget.Take(count, frames.Length);
                port.Inbox.Leave(new ClientFrames(connected, frames, count));
                var begun = Stopwatch.GetTimestamp();
                if (port.Inbox.TakeTurn())
                    pace.HadTurns(begun, Stopwatch.GetTimestamp());
            }

            pace.HasRead();

            if (isHostile)
                port.FrameRefused(RemoteAddress);
            if (isHostile || read.IsCompleted)
                return;

            // Back-pressure is not reading: the kernel's window does the rest (design.md section 10).
            await budget.RoomAsync();
        }
    }

    /// <summary>Copies all complete frames, length prefixes included, into one array.</summary>
    private byte[] CutFrames(
        ReadOnlySequence<byte> buffer, out int count, out SequencePosition consumed, out bool isHostile)
    {
        count = 0;
        isHostile = false;
        long end = 0;
        while (true)
        {
            var status = FrameReader.TryRead(buffer.Slice(end), port.Limits.ClientFrameBytesMax, out var length);
            if (status != FrameStatus.Complete)
            {
                isHostile = status != FrameStatus.Incomplete;
                break;
            }

            end += 4 + length;
            count++;
        }

        consumed = buffer.GetPosition(end);
        if (count == 0)
            return [];
        var frames = GC.AllocateUninitializedArray<byte>((int)end);
        buffer.Slice(0, end).CopyTo(frames);
        return frames;
    }
}

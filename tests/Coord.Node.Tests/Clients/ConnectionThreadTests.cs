using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using Coord.Node.Clients;
using Coord.Node.Metrics;
using Coord.Node.Replica;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Clients;

/// <summary>
/// Which thread does what for a connection of the port without TLS, where nothing is handed to the thread pool that
/// does not have to be.
/// </summary>
public sealed class ConnectionThreadTests : IReplicaInbox, IAsyncDisposable
{
    private const int ConnectRequestBytes = 45;

    private readonly ConcurrentQueue<(ReplicaInput Input, int Thread)> posted = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly DefaultConnectionContext context = new("connection");
    private readonly IDuplexPipe client;

    public ConnectionThreadTests()
    {
        var options = new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
            useSynchronizationContext: false);
        var pair = DuplexPipe.CreateConnectionPair(options, options);
        (context.Transport, client) = (pair.Transport, pair.Application);
    }

    public async ValueTask DisposeAsync()
    {
        arrived.Dispose();
        await context.DisposeAsync();
    }

    void IReplicaInbox.Post(ReplicaInput input)
    {
        posted.Enqueue((input, Environment.CurrentManagedThreadId));
        arrived.Release();
    }

    [Fact]
    public async Task Requests_are_handed_over_by_the_thread_that_heard_of_them()
    {
        var running = Serve();
        var thread = await OnThread(() => Send(1));
        Assert.Equal(thread, (await TakeAsync<ClientFrames>()).Thread);
        await EndAsync(running);
    }

    // One socket that is never empty would keep its thread, and every connection that this thread hears of.
    [Fact]
    public async Task Who_sends_without_end_moves_to_the_thread_pool()
    {
        const int Requests = 200;
        var running = Serve();
        var thread = await OnThread(() => Send(Requests));
        var received = 0;
        var threads = new HashSet<int>();
        while (received < Requests)
        {
            var (frames, by) = await TakeAsync<ClientFrames>();
            received += frames.Count;
            threads.Add(by);
        }

        Assert.Contains(threads, other => other != thread);
        await EndAsync(running);
    }

    // Thousands of connections end at once: the loop has its turn to finish.
    [Fact]
    public async Task The_loop_does_not_take_down_what_it_closes()
    {
        var running = Serve();
        var session = (await TakeAsync<ClientConnecting>()).Input.Session;
        var loop = await OnThread(session.Transport.Close);
        Assert.NotEqual(loop, (await TakeAsync<ClientGone>()).Thread);
        await running;
    }

    private Task<bool> Serve()
    {
        var limits = new NodeLimits();
        var port = new ClientPort(
            this, limits, ClientAccess.Open, new ClientMetrics(), NullLogger<ClientPort>.Instance)
        {
            TakesSessions = true,
        };
        var running = new ClientConnection(context, context.Transport, port, []).RunAsync();
        var handshake = new byte[sizeof(int) + ConnectRequestBytes];
        BinaryPrimitives.WriteInt32BigEndian(handshake, ConnectRequestBytes);
        BinaryPrimitives.WriteInt32BigEndian(handshake.AsSpan(32), 16); // Of the password.
        Write(handshake);
        return running;
    }

    private void Send(int requests)
    {
        var frame = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(frame, 8);
        for (var request = 0; request < requests; request++)
            Write(frame);
    }

    private void Write(byte[] bytes)
    {
        var flush = client.Output.WriteAsync(bytes);
        Assert.True(flush.IsCompletedSuccessfully);
    }

    private async Task EndAsync(Task running)
    {
        await client.Output.CompleteAsync();
        (await TakeAsync<ClientGone>()).Input.Session.Transport.Close();
        await running;
    }

    private async Task<(TInput Input, int Thread)> TakeAsync<TInput>()
        where TInput : ReplicaInput
    {
        while (true)
        {
            await arrived.WaitAsync(TestContext.Current.CancellationToken);
            Assert.True(posted.TryDequeue(out var next));
            if (next.Input is TInput wanted)
                return (wanted, next.Thread);
        }
    }

    // A thread of its own, never one of the pool's.
    private static Task<int> OnThread(Action action)
    {
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                action();
                done.SetResult(Environment.CurrentManagedThreadId);
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        }).Start();
        return done.Task;
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = input;

        public PipeWriter Output { get; } = output;

        public static (IDuplexPipe Transport, IDuplexPipe Application) CreateConnectionPair(
            PipeOptions toServer, PipeOptions toClient)
        {
            var (up, down) = (new Pipe(toServer), new Pipe(toClient));
            return (new DuplexPipe(up.Reader, down.Writer), new DuplexPipe(down.Reader, up.Writer));
        }
    }
}

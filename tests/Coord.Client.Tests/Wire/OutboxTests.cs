using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.Client.Tests.Wire;

/// <summary>What leaves a client, on a real socket: by the sender thread, or by the thread that asks.</summary>
public sealed class OutboxTests : IDisposable
{
    private const int Askers = 4;
    private const int RequestsOfEach = 500;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public OutboxTests() => listener.Start();

    public void Dispose() => listener.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Requests_arrive_in_the_order_made_whoever_sends_them()
    {
        var clock = new ClientClock(TimeProvider.System);
        var outbox = new Outbox(maxInFlight: 100, clock);
        using var transport = Connect();
        using var server = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        transport.EndAttempt();
        var number = outbox.Open(1, ServerFeatures.None, transport);
        var batches = 0;
        var sender = new Thread(() => batches = SendAll(outbox, transport, number)) { IsBackground = true };
        sender.Start();
        var answering = Task.Run(() => AnswerEach(server, outbox));

        // Sometimes one is on its way, and sometimes all of them: who sends changes all the time.
        await Task.WhenAll(Enumerable.Range(0, Askers).Select(asker => Task.Run(() => Ask(outbox, asker))));
        var xids = await answering;
        outbox.Close();
        sender.Join();

        Assert.Equal(Enumerable.Range(1, Askers * RequestsOfEach), xids);
        Assert.True(batches < xids.Count, $"the sender sent {batches} batches, so it sent every request");
    }

    [Fact]
    public void What_a_socket_did_not_take_goes_ahead_of_what_came_behind_it()
    {
        var bytes = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
        var cases = from first in bytes from next in bytes from sent in Gen.Choose(0, first.Length)
                    select (first, next, sent);
        Prop.ForAll(Arb.From(cases), one =>
        {
            var (first, next, sent) = one;
            var buffer = Holding(first);
            buffer.Continue(sent, Holding(next));
            Assert.Equal([.. first[sent..], .. next], buffer.Written.ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    private static SendBuffer Holding(byte[] bytes)
    {
        var buffer = new SendBuffer();
        bytes.CopyTo(buffer.GetSpan(bytes.Length));
        buffer.Advance(bytes.Length);
        return buffer;
    }

    private Transport Connect()
    {
        var address = (IPEndPoint)listener.LocalEndpoint;
        var endpoint = new Endpoint(address.Address.ToString(), address.Port);
        return Transport.Connect(endpoint, address.Address, TimeSpan.FromSeconds(10), () => false);
    }

    private static void Ask(Outbox outbox, int asker)
    {
        for (var i = 0; i < RequestsOfEach; i++)
            outbox.Submit(new ExistsCall($"/asked-by-{asker}/{i}"));
    }

    private static int SendAll(Outbox outbox, Transport transport, int number)
    {
        var batches = 0;
        for (var batch = new SendBuffer(); outbox.TakeBatch(number, ref batch); batches++)
            transport.Send(batch.Written);
        return batches;
    }

    /// <summary>Reads frame after frame, and tells the outbox of each that its reply has come.</summary>
    private static List<int> AnswerEach(Socket server, Outbox outbox)
    {
        using var stream = new NetworkStream(server);
        var xids = new List<int>();
        var answered = new Request[1];
        var length = new byte[sizeof(int)];
        while (xids.Count < Askers * RequestsOfEach)
        {
            stream.ReadExactly(length);
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            stream.ReadExactly(frame);
            xids.Add(BinaryPrimitives.ReadInt32BigEndian(frame));
            Assert.True(outbox.TakeAnswered(answered));
        }

        return xids;
    }
}

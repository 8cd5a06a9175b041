using Coord.Node.Peers;

namespace Coord.Node.Tests.Peers;

/// <summary>What waits for a peer is sent by its sender, or, if that is asleep, by whoever queued it.</summary>
public sealed class PeerOutboxTests
{
    private static readonly NodeLimits Limits = new();

    private readonly PeerOutbox outbox = new(Limits);
    private readonly Lock gate = new();
    private readonly List<byte> sent = [];
    private readonly Random random = new(7);
    private long addedBytes;
    private int whole;
    private int cut;
    private volatile bool isOver;

    // Two threads send on one connection: a byte out of place ends the link.
    [Fact]
    public void Bytes_leave_in_order_whoever_sends_them()
    {
        outbox.Open(SendSome);
        var sender = new Thread(RunSender);
        sender.Start();
        var queued = 0;
        var large = new byte[Limits.PeerSendAtOnceBytesMax];
        while (whole < 20 || cut < 20)
        {
            Add(new ContactAnswer(queued++, default, true));
            outbox.Flush();
            if (queued % 10 != 0)
                continue;
            Add(new ForwardedEntries([large]));
            outbox.Flush();

            // A sender that is never done never waits, and nothing would be sent for it.
            while (SentBytes() < addedBytes)
                Thread.Yield();
        }

        isOver = true;
        outbox.Wake();
        sender.Join();
        Assert.Equal(Enumerable.Range(0, queued).Select(id => (long)id), Answers());
    }

    [Fact]
    public void With_tls_only_the_sender_sends()
    {
        outbox.Open(atOnce: null);
        var sender = new Thread(RunSender);
        sender.Start();
        Add(new ContactAnswer(0, default, true));
        outbox.Flush();
        isOver = true;
        outbox.Wake();
        sender.Join();
        Assert.Equal([0L], Answers());
        Assert.Equal(0, whole + cut);
    }

    private void Add(PeerMessage message)
    {
        while (!outbox.TryAdd(message, out _))
            Thread.Yield();
        addedBytes += PeerCodec.FrameLength(message);
    }

    // A kernel with room for all of it, for some, or for nothing.
    private int SendSome(ReadOnlySpan<byte> bytes)
    {
        Assert.InRange(bytes.Length, 1, Limits.PeerSendAtOnceBytesMax);
        var count = random.Next(2) == 0 ? bytes.Length : random.Next(bytes.Length);
        if (count == bytes.Length)
            whole++;
        else
            cut++;
        Append(bytes[..count]);
        return count;
    }

    private void RunSender()
    {
        List<PeerMessage> batch = [];
        var isLast = false;
        while (!isLast)
        {
            isLast = isOver;
            outbox.Take(ref batch, out var rest, isLast ? TimeSpan.Zero : TimeSpan.FromMinutes(1));
            Append(rest.Span);
            foreach (var message in batch)
            {
                var frame = new byte[PeerCodec.FrameLength(message)];
                PeerCodec.Write(message, frame);
                Append(frame);
            }

            batch.Clear();
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
            sent.AddRange(bytes);
    }

    private long SentBytes()
    {
        lock (gate)
            return sent.Count;
    }

    private List<long> Answers()
    {
        var frames = new FrameAssembler(sent.Count + 1, Limits.PeerFrameBytesMax);
        sent.ToArray().CopyTo(frames.Space);
        frames.Received(sent.Count);
        List<long> ids = [];
        while (frames.TryTake(out var frame))
        {
            Assert.True(PeerCodec.TryRead(frame, out var message));
            if (message is ContactAnswer answer)
                ids.Add(answer.Id);
        }

        Assert.False(frames.IsBroken);
        return ids;
    }
}

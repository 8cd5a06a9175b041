using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Coord.Node.Clients;

/// <summary>
/// The memory of all connections' pipes, in blocks that do not move. What comes back is used again, the latest first:
/// a change that ten thousand watch would otherwise make as many blocks, and garbage collections that stop everybody.
/// </summary>
/// <param name="keptMax">Blocks that wait to be used, at most.</param>
/// <param name="bytesMax">Bytes in use above which <see cref="Exceeded"/> is told.</param>
/// <param name="queue">Runs that; the thread pool by default.</param>
/// <param name="time">For looking again; the system's by default.</param>
internal sealed class BlockPool(
    int keptMax, long bytesMax = long.MaxValue, Action<IThreadPoolWorkItem>? queue = null, TimeProvider? time = null)
    : MemoryPool<byte>, IMemoryPoolFactory<byte>, IThreadPoolWorkItem
{
    public const int BlockBytes = 4096;

    /// <summary>When to look again, where it was of no use.</summary>
    public static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private readonly long rentedMax = bytesMax / BlockBytes;
    private readonly long step = bytesMax / BlockBytes / 16;
    private Block[] free = new Block[64];
    private int freeCount;
    private long rented;
    private long tellAt = bytesMax / BlockBytes;
    private bool isTelling;
    private ITimer? again;

    /// <summary>
    /// Told by how many bytes the blocks in use exceed their limit: one call at a time, and the next when a sixteenth
    /// of the limit more is in use than the least since, or a while later where they still exceed it. It looks at all
    /// connections, which a block more or less at the limit is not worth.
    /// </summary>
    public Action<long>? Exceeded { get; set; }

    /// <summary>Blocks that are in use.</summary>
    public long Rented => Volatile.Read(ref rented);

    /// <summary>Blocks that wait to be used.</summary>
    public int Free => Volatile.Read(ref freeCount);

    private long NextTold => Math.Max(rentedMax, rented + step);

    public override int MaxBufferSize => BlockBytes;

    /// <summary>All servers of a node share it.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        Block? block = null;
        bool isTold;
        lock (gate)
        {
            isTold = ++rented > tellAt && !isTelling;
            isTelling |= isTold;
            if (freeCount > 0)
                block = free[--freeCount];
        }

        if (isTold)
            Queue();
        return (block ?? new Block(this)).Taken();
    }

    /// <summary>Tells that more is in use than there should be.</summary>
    public void Execute()
    {
        Exceeded?.Invoke((Rented - rentedMax) * BlockBytes);
        lock (gate)
        {
            tellAt = NextTold;
            isTelling = false;
            if (rented <= rentedMax)
                return;

            // What a step of the loop writes is nobody's until the step flushes it, and nothing may be taken after.
            again ??= (time ?? TimeProvider.System).CreateTimer(
                _ => TellAgain(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            again.Change(AgainAfter, Timeout.InfiniteTimeSpan);
        }
    }

    // Blocks are the collector's; connections that outlive their server may still give theirs back.
    protected override void Dispose(bool disposing)
    {
        lock (gate)
            again?.Dispose();
    }

    private void TellAgain()
    {
        lock (gate)
        {
            if (isTelling || rented <= rentedMax)
                return;
            isTelling = true;
        }

        Queue();
    }

    private void Queue()
    {
        if (queue is null)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else
            queue(this);
    }

    private void GiveBack(Block block)
    {
        lock (gate)
        {
            if (!block.TryFree())
                return;
            rented--;
            tellAt = Math.Min(tellAt, NextTold);
            if (freeCount == keptMax)
                return;
            if (freeCount == free.Length)
                Array.Resize(ref free, Math.Min(keptMax, 2 * free.Length));
            free[freeCount++] = block;
        }
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        private bool isTaken;

        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(
            GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true), 0, BlockBytes);

        public Block Taken()
        {
            isTaken = true;
            return this;
        }

        // Given back twice in a row it would be two connections' at once.
        public bool TryFree()
        {
            var wasTaken = isTaken;
            isTaken = false;
            return wasTaken;
        }

        public void Dispose() => pool.GiveBack(this);
    }
}

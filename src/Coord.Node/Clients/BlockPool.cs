using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Coord.Node.Clients;

/// <summary>
/// The memory of all connections' pipes, in blocks that do not move. What comes back is used again, the latest first:
/// a change that ten thousand watch would otherwise make as many blocks, and garbage collections that stop everybody.
/// </summary>
internal sealed class BlockPool(int keptMax) : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    public const int BlockBytes = 4096;

    private readonly Lock gate = new();
    private Block[] free = new Block[64];
    private int freeCount;
    private long rented;

    /// <summary>Blocks that are in use.</summary>
    public long Rented => Volatile.Read(ref rented);

    /// <summary>Blocks that wait to be used.</summary>
    public int Free => Volatile.Read(ref freeCount);

    public override int MaxBufferSize => BlockBytes;

    /// <summary>All servers of a node share it.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        lock (gate)
        {
            rented++;
            if (freeCount > 0)
                return free[--freeCount].Taken();
        }

        return new Block(this).Taken();
    }

    protected override void Dispose(bool disposing)
    {
        // Blocks are the collector's; connections that outlive their server may still give theirs back.
    }

    private void GiveBack(Block block)
    {
        lock (gate)
        {
            if (!block.TryFree())
                return;
            rented--;
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

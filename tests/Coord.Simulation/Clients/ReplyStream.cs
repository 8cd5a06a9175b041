using System.Buffers.Binary;

namespace Coord.Simulation.Clients;

/// <summary>Bytes from a node, cut into frames.</summary>
internal sealed class ReplyStream
{
    private readonly Queue<byte[]> _pieces = new();
    private byte[] _current = [];
    private int _offset;

    public void Add(byte[] bytes) => _pieces.Enqueue(bytes);

    public void Clear()
    {
        _pieces.Clear();
        _current = [];
        _offset = 0;
    }

    /// <summary>Takes the next frame, without its length.</summary>
    public bool TryTake(out byte[] frame)
    {
        frame = [];
        while (Rest().Length < 4 || Rest().Length < 4 + BinaryPrimitives.ReadInt32BigEndian(Rest()))
        {
            if (!_pieces.TryDequeue(out var piece))
                return false;

            _current = Rest().IsEmpty ? piece : [.. Rest(), .. piece];
            _offset = 0;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(Rest());
        frame = Rest().Slice(4, length).ToArray();
        _offset += 4 + length;
        return true;
    }

    private ReadOnlySpan<byte> Rest() => _current.AsSpan(_offset);
}

using System.Buffers;
using System.Buffers.Binary;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>Frames waiting for one write to the socket.</summary>
internal sealed class SendBuffer : IBufferWriter<byte>
{
    // Kept between batches; a larger array is given back after the batch that needed it.
    private const int KeptBytes = 256 * 1024;
    private byte[] bytes = new byte[8 * 1024];

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsSpan(Length);
    }

    internal void Clear()
    {
        Length = 0;
        if (bytes.Length > KeptBytes)
            bytes = new byte[KeptBytes];
    }

    /// <summary>Appends the frame of a request.</summary>
    internal void Append(Request request)
    {
        var start = BeginFrame();
        var writer = new JuteWriter(this);
        if (request.HasBarrier)
        {
            new RequestHeader(request.Xid, OpCode.BarrierRead).Write(ref writer);
            writer.WriteInt32((int)request.Op);
        }
        else
        {
            new RequestHeader(request.Xid, request.Op).Write(ref writer);
        }

        request.WriteBody(ref writer);
        writer.Complete();
        EndFrame(start);
    }

    /// <summary>Appends a frame of a header alone.</summary>
    internal void Append(int xid, OpCode op)
    {
        var start = BeginFrame();
        var writer = new JuteWriter(this);
        new RequestHeader(xid, op).Write(ref writer);
        writer.Complete();
        EndFrame(start);
    }

    /// <summary>Takes away what has been sent, and appends what came behind it.</summary>
    internal void Continue(int sent, SendBuffer next)
    {
        bytes.AsSpan(sent, Length - sent).CopyTo(bytes);
        Length -= sent;
        next.Written.CopyTo(GetSpan(next.Length));
        Length += next.Length;
    }

    internal int BeginFrame()
    {
        Reserve(sizeof(int));
        Length += sizeof(int);
        return Length;
    }

    internal void EndFrame(int start) =>
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(start - sizeof(int)), Length - start);

    private void Reserve(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed > bytes.Length)
            Array.Resize(ref bytes, Math.Max(needed, bytes.Length * 2));
    }
}

namespace Coord.Client.Tests;

/// <summary>Judges critical sections of readers and writers: fails when a writer is not alone.</summary>
internal sealed class ReadWriteProbe
{
    private int readers;
    private int writers;
    private int writes;

    public int Writes => writes;

    public async Task ReadAsync()
    {
        Interlocked.Increment(ref readers);
        Assert.Equal(0, Volatile.Read(ref writers));
        await Task.Yield();
        Assert.Equal(0, Volatile.Read(ref writers));
        Interlocked.Decrement(ref readers);
    }

    public async Task WriteAsync()
    {
        Assert.Equal(1, Interlocked.Increment(ref writers));
        Assert.Equal(0, Volatile.Read(ref readers));
        writes++;
        await Task.Yield();
        Assert.Equal(0, Volatile.Read(ref readers));
        Interlocked.Decrement(ref writers);
    }
}

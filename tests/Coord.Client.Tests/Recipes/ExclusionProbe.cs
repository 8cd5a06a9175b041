using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>Judges critical sections: fails on overlap and on a token that goes backwards.</summary>
internal sealed class ExclusionProbe
{
    private int inside;
    private long lastToken;

    public int Sections { get; private set; }

    public async Task RunAsync(ILockHandle handle)
    {
        Assert.Equal(1, Interlocked.Increment(ref inside));
        Assert.True(handle.Token.Value > lastToken, $"token {handle.Token.Value} after {lastToken}");
        lastToken = handle.Token.Value;
        Sections++;
        await Task.Yield();
        Interlocked.Decrement(ref inside);
    }
}

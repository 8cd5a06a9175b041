namespace Coord.Client.Recipes;

/// <summary>The protected side in memory: keeps the largest token seen and refuses smaller ones. Thread-safe.</summary>
public sealed class FencingGuard
{
    private readonly Lock gate = new();
    private FencingToken largest;

    /// <summary>The largest token let through; value 0 before the first.</summary>
    public FencingToken Largest
    {
        get
        {
            lock (gate)
                return largest;
        }
    }

    /// <summary>Lets a token pass unless a larger one was seen.</summary>
    /// <param name="token">The holder's.</param>
    /// <returns>False when a later holder has been here: do nothing for this one.</returns>
    public bool TryPass(FencingToken token)
    {
        lock (gate)
        {
            if (token < largest)
                return false;
            largest = token;
            return true;
        }
    }
}

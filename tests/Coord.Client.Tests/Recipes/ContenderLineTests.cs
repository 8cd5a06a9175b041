using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>client-sdk.md 9, order; acceptance scenario 9.</summary>
public sealed class ContenderLineTests
{
    [Fact]
    public void The_nearest_contender_before_us_is_the_one_to_wait_for()
    {
        string[] names = ["_c_a-lock-0000000007", "_c_b-lock-0000000003", "_c_c-lock-0000000005", "stranger", "lock-x"];

        Assert.True(ContenderLine.Mutex.TryFindPredecessor(names, "_c_a-lock-0000000007", out var predecessor));
        Assert.Equal("_c_c-lock-0000000005", predecessor);
        Assert.True(ContenderLine.Mutex.TryFindPredecessor(names, "_c_b-lock-0000000003", out predecessor));
        Assert.Null(predecessor);
        Assert.False(ContenderLine.Mutex.TryFindPredecessor(names, "_c_z-lock-0000000009", out _));
    }

    // An upgradeable lock's marks are single letters, which end many a name.
    [Fact]
    public void A_name_that_only_ends_like_a_contenders_is_no_contender()
    {
        string[] names = ["leader-0000000001", "raw-0000000002", "_c_a-r-0000000003", "w-0000000004"];

        Assert.Equal(
            ["_c_a-r-0000000003", "w-0000000004"],
            ContenderLine.Upgradeable.InOrder(names).Select(contender => contender.Name));
        Assert.True(ContenderLine.Upgradeable.TryFindPredecessor(names, "_c_a-r-0000000003", out var predecessor));
        Assert.Null(predecessor);
    }

    [Fact]
    public void Order_is_kept_where_sequence_numbers_wrap()
    {
        string[] names = ["a-lock-2147483646", "b-lock-2147483647", "c-lock--2147483648", "d-lock--2147483647"];

        Assert.True(ContenderLine.Mutex.TryFindPredecessor(names, "a-lock-2147483646", out var predecessor));
        Assert.Null(predecessor);
        for (var i = 1; i < names.Length; i++)
        {
            Assert.True(ContenderLine.Mutex.TryFindPredecessor(names, names[i], out predecessor));
            Assert.Equal(names[i - 1], predecessor);
        }
    }
}

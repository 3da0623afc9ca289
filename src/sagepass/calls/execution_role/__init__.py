"""What the role of a call needs itself, one file for each kind of permission.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html. AWS's lists there are broad examples and no
proven minima: what a request asks for is ``required``, what only makes the work visible or serves a special case is ``usual``.
"""

"""sagepass: why AWS denied you on Amazon SageMaker, and the smallest change that lets you in and nobody else."""
